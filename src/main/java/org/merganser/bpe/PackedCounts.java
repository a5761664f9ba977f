package org.merganser.bpe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Pretoken counts in transport form: sorted by unsigned bytes, front-coded, variable-length counts.
 * The same counts always give the same bytes. (Compression, if any, is the caller's.)
 *
 * <p>A block is {@code "MPC" version(1 byte) crc32c(4 bytes, little-endian, of all that follows)
 * entries total} and then for each entry {@code shared suffix-length suffix count}, where {@code
 * shared} is how many bytes it has in common with the entry before; numbers are unsigned LEB128. No
 * entries are an array of length 0.
 *
 * <p>A block that is not one, is cut short, changed, or of another version is an
 * IllegalArgumentException that says so.
 */
public final class PackedCounts {
  static final byte[] MAGIC = {'M', 'P', 'C', 1};

  /** Magic and checksum. */
  static final int FIXED_HEADER = MAGIC.length + 4;

  private PackedCounts() {}

  /** Visits the entries of a block in order. */
  public static void forEach(byte[] block, PretokenCounts.Visitor visitor) {
    PackedReader reader = new PackedReader(block);
    while (reader.next()) {
      visitor.visit(reader.key(), 0, reader.keyLength(), reader.count());
    }
  }

  /**
   * Merges blocks by a k-way merge into one block; memory is that of the blocks and the result.
   *
   * @throws ArithmeticException when the counts sum to more than a long
   */
  public static byte[] merge(Iterable<byte[]> blocks) {
    PackedWriter out = new PackedWriter();
    merge(blocks, out::append);
    return out.toBlock();
  }

  /**
   * Visits the entries of many blocks as if they were one: in order, each pretoken once with its
   * summed count. Memory is that of the blocks.
   *
   * @throws ArithmeticException when a count exceeds a long
   */
  public static void merge(Iterable<byte[]> blocks, PretokenCounts.Visitor visitor) {
    PriorityQueue<PackedReader> queue = new PriorityQueue<>(11, BY_KEY);
    for (byte[] block : blocks) {
      PackedReader reader = new PackedReader(block);
      if (reader.next()) {
        queue.add(reader);
      }
    }
    byte[] key = new byte[64];
    while (!queue.isEmpty()) {
      PackedReader first = queue.remove();
      int length = first.keyLength();
      if (length > key.length) {
        key = new byte[Math.max(length, 2 * key.length)];
      }
      System.arraycopy(first.key(), 0, key, 0, length);
      long count = first.count();
      advance(first, queue);
      PackedReader same = queue.peek();
      while (same != null && Arrays.equals(same.key(), 0, same.keyLength(), key, 0, length)) {
        queue.remove();
        count = Math.addExact(count, same.count());
        advance(same, queue);
        same = queue.peek();
      }
      visitor.visit(key, 0, length, count);
    }
  }

  private static final Comparator<PackedReader> BY_KEY =
      (a, b) -> Arrays.compareUnsigned(a.key(), 0, a.keyLength(), b.key(), 0, b.keyLength());

  private static void advance(PackedReader reader, PriorityQueue<PackedReader> queue) {
    if (reader.next()) {
      queue.add(reader);
    }
  }
}
