/**
 * Finds out whether an output folder is complete, damaged or unfinished, and what an interrupted
 * run has finished.
 *
 * <p>Start with {@link org.merganser.pipeline.verify.FolderVerification}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.verify;
