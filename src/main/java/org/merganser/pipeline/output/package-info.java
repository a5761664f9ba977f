/**
 * The output folder: the names of all files and folders, receipts on disk, fingerprints, versions
 * of inputs, the lock.
 *
 * <p>Start with {@link org.merganser.pipeline.output.OutputLayout}. Uses the packages of the core
 * and of the data.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output;
