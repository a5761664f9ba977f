/**
 * Checks the published files of an output against its manifest: files, checksums, rows of shards,
 * their order and sums. Whether the folder is whole, damaged or unfinished is decided in {@code
 * pipeline/verify}.
 *
 * <p>Start with {@link org.merganser.output.verify.ManifestVerification}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.output.verify;
