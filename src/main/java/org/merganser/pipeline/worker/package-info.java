/**
 * What a worker's JVM has once: checks of it, local copies of files, tokenizers and tables.
 *
 * <p>Start with {@link org.merganser.pipeline.worker.WorkerTokenizers}. Uses {@code
 * pipeline.output}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.worker;
