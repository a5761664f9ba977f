/**
 * The progress of a run: what each stage has done in this JVM and on other workers, and the times
 * of the run.
 *
 * <p>Start with {@link org.merganser.pipeline.progress.RunProgress}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.progress;
