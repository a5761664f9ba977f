/**
 * The places of an output folder: where its files are, in the published version and in the stage of
 * a run, and whether a run may write there.
 *
 * <p>Start with {@link org.merganser.pipeline.output.OutputPaths}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output;
