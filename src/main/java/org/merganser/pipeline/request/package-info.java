/**
 * What a run is asked for, as its name says it.
 *
 * <p>Start with {@link org.merganser.pipeline.request.RequestedKeys}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.request;
