/**
 * The end of a run: the manifest and the dataset card, the report, the commit of the version, and
 * the summary.
 *
 * <p>Start with {@link org.merganser.pipeline.finish.RunCommit}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.finish;
