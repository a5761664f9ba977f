/**
 * What a run is asked for, as its name says it.
 *
 * <p>Start with {@link org.merganser.pipeline.request.HeldRequest}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.request;
