/**
 * Objects that exist once in a worker's JVM: checks, local copies of files, tokenizers and tables.
 *
 * <p>Start with {@link org.merganser.pipeline.worker.WorkerTokenizers}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.worker;
