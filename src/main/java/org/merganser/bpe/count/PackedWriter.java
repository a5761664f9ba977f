package org.merganser.bpe.count;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.merganser.bpe.Varints;

/** Writes one block of {@link PackedCounts} from entries in order. */
final class PackedWriter {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private byte[] body = new byte[256];
  private int length;
  private long entries;
  private long total;
  private byte[] previous = new byte[64];
  private int previousLength;

  /** Appends an entry greater, in unsigned order, than the one before. */
  void append(byte[] bytes, int from, int to, long count) {
    int most = Math.min(to - from, previousLength);
    int difference = Arrays.mismatch(previous, 0, most, bytes, from, from + most);
    append(bytes, from, to, difference < 0 ? most : difference, count);
  }

  /**
   * Appends an entry of which the caller knows how many bytes it has in common with the one before.
   */
  void append(byte[] bytes, int from, int to, int shared, long count) {
    int n = to - from;
    int suffix = n - shared;
    ensure(suffix + 20L);
    length = Varints.write(body, length, shared);
    length = Varints.write(body, length, suffix);
    System.arraycopy(bytes, from + shared, body, length, suffix);
    length += suffix;
    length = Varints.write(body, length, count);
    if (n > previous.length) {
      previous = Arrays.copyOf(previous, Math.max(n, 2 * previous.length));
    }
    System.arraycopy(bytes, from + shared, previous, shared, suffix);
    previousLength = n;
    entries++;
    total = Math.addExact(total, count);
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException(
          ("a block of packed counts exceeds %s bytes after %s pretokens; use more" + " partitions")
              .formatted(MAX_BYTES, entries));
    }
    if (needed > body.length) {
      body = Arrays.copyOf(body, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * body.length)));
    }
  }

  /** The block; empty when there was no entry. */
  byte[] toBlock() {
    if (entries == 0) {
      return new byte[0];
    }
    byte[] header = new byte[PackedCounts.FIXED_HEADER + 20];
    System.arraycopy(PackedCounts.MAGIC, 0, header, 0, PackedCounts.MAGIC.length);
    int at = Varints.write(header, PackedCounts.FIXED_HEADER, entries);
    at = Varints.write(header, at, total);
    CRC32C crc = new CRC32C();
    crc.update(header, PackedCounts.FIXED_HEADER, at - PackedCounts.FIXED_HEADER);
    crc.update(body, 0, length);
    for (int i = 0; i < 4; i++) {
      header[PackedCounts.MAGIC.length + i] = (byte) (crc.getValue() >>> 8 * i);
    }
    byte[] block = Arrays.copyOf(header, at + length);
    System.arraycopy(body, 0, block, at, length);
    return block;
  }
}
