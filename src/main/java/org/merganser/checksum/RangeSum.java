package org.merganser.checksum;

import org.jspecify.annotations.Nullable;

/**
 * The sum of the stored bytes of a range of a file, as far as it was computed.
 *
 * @param sha256 in lower-case hex; null if it was not computed
 * @param crc32c the 32 bits of the CRC-32C, which are enough to find that a file has changed; null
 *     if it was not computed
 */
public record RangeSum(@Nullable String sha256, @Nullable Integer crc32c) {}
