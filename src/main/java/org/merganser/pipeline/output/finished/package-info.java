/**
 * What a finished run has left in its output folder: the manifest with its lists, the shards and
 * the versions of the inputs.
 *
 * <p>Start with {@link org.merganser.pipeline.output.finished.FinishedOutput}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output.finished;
