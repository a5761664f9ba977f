/**
 * Checks whether an output folder is complete, damaged or unfinished: files, checksums, rows of
 * shards, their order and sums.
 *
 * <p>Start with {@link org.merganser.verify.OutputVerification}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.verify;
