package org.merganser.bpe.count;

import java.util.Arrays;
import org.merganser.binary.Varints;

/**
 * Writes pretokens in ascending order with their counts, in the form that {@link PackedCounts}
 * describes and reads.
 */
final class PackedWriter {
  /** The maximum length of a block. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  /** The maximum bytes of the two lengths and the count of an entry, as varints. */
  private static final long MAX_VARINT_BYTES = 5 + 5 + Varints.MOST_BYTES;

  /** The block so far is {@code block[0, length)}. */
  private byte[] block = new byte[256];

  private int length;

  /** The number of entries, for the message of {@link #ensure}. */
  private long entries;

  /** The pretoken of the last entry is {@code previous[0, previousLength)}. */
  private byte[] previous = new byte[64];

  private int previousLength;

  /**
   * Appends an entry. The caller makes sure that its pretoken is greater than the one before in
   * unsigned order.
   */
  void append(byte[] bytes, int from, int to, long count) {
    int pretokenLength = to - from;
    int most = Math.min(pretokenLength, previousLength);
    int difference = Arrays.mismatch(previous, 0, most, bytes, from, from + most);
    int shared = difference < 0 ? most : difference;
    int suffix = pretokenLength - shared;
    ensure(suffix + MAX_VARINT_BYTES);
    length = Varints.write(block, length, shared);
    length = Varints.write(block, length, suffix);
    System.arraycopy(bytes, from + shared, block, length, suffix);
    length = Varints.write(block, length + suffix, count);
    if (pretokenLength > previous.length) {
      previous = Arrays.copyOf(previous, Math.max(pretokenLength, 2 * previous.length));
    }
    System.arraycopy(bytes, from + shared, previous, shared, suffix);
    previousLength = pretokenLength;
    entries++;
  }

  /**
   * Makes room for {@code more} bytes.
   *
   * @throws IllegalStateException if the block then does not fit one array
   */
  private void ensure(long more) {
    long needed = length + more;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException(
          "a block of packed counts exceeds %s bytes after %s pretokens; use more partitions"
              .formatted(MAX_BYTES, entries));
    }
    if (needed > block.length) {
      block = Arrays.copyOf(block, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * block.length)));
    }
  }

  /** A copy of the block. */
  byte[] toBlock() {
    return Arrays.copyOf(block, length);
  }
}
