/**
 * Checks whether an output folder is complete, damaged or unfinished: files, checksums, rows of
 * shards, their order and sums.
 *
 * <p>Start with {@link org.merganser.verify.OutputVerification}. Uses {@code shard}, {@code
 * dataset} and {@code parquet}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.verify;
