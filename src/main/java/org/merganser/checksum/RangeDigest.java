package org.merganser.checksum;

import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * Sums the bytes of a range: its CRC-32C, which takes 0.02 CPU seconds for 1 GiB, and its SHA-256
 * if that is wanted, which takes 0.5.
 */
public final class RangeDigest {
  private final MessageDigest sha256 = Sha256.newDigest();
  private final CRC32C crc32c = new CRC32C();

  /** Whether the SHA-256 of the current range is computed. */
  private boolean withSha256;

  /**
   * Begins a range; called before each of them.
   *
   * @param withSha256 whether {@link #sum} has the SHA-256
   */
  public void begin(boolean withSha256) {
    sha256.reset();
    crc32c.reset();
    this.withSha256 = withSha256;
  }

  /** Adds the next {@code length} bytes of the range. */
  public void update(byte[] bytes, int from, int length) {
    if (withSha256) {
      sha256.update(bytes, from, length);
    }
    crc32c.update(bytes, from, length);
  }

  /** The sum of the range; call it only once, after all calls of {@link #update}. */
  public RangeSum sum() {
    return new RangeSum(withSha256 ? Sha256.hex(sha256) : null, (int) crc32c.getValue());
  }
}
