/**
 * Everything that is decided and checked before a run begins.
 *
 * <p>Start with {@link org.merganser.pipeline.prepare.RunPreparation}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.prepare;
