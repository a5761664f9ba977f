package org.merganser.bpe.count;

import java.util.Arrays;
import java.util.Collection;
import java.util.PriorityQueue;

/**
 * Pretoken counts in transport form: sorted by unsigned bytes, front-coded, variable-length counts.
 * The same counts always give the same bytes. Compression and checksum are the caller's.
 *
 * <p>A block has for each entry {@code shared suffix-length suffix count}, where {@code shared} is
 * how many bytes it has in common with the entry before; numbers are unsigned LEB128. A block
 * without entries is an array of length 0.
 */
public final class PackedCounts {
  private PackedCounts() {}

  /**
   * Merges blocks by a k-way merge into one block; memory is that of the blocks and the result.
   *
   * @throws ArithmeticException when a count exceeds a long
   */
  public static byte[] merge(Collection<byte[]> blocks) {
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
  public static void merge(Collection<byte[]> blocks, PretokenCounts.Visitor visitor) {
    forEachByBlock(
        blocks,
        (bytes, from, to, numbers, counts, n) -> {
          long sum = counts[0];
          for (int i = 1; i < n; i++) {
            sum = Math.addExact(sum, counts[i]);
          }
          visitor.visit(bytes, from, to, sum);
        });
  }

  /** Visits the entries of many blocks in order, with the numbers of the blocks that have each. */
  static void forEachByBlock(Collection<byte[]> blocks, GroupedCounts.Visitor visitor) {
    PriorityQueue<PackedReader> readers = new PriorityQueue<>();
    int number = 0;
    for (byte[] block : blocks) {
      PackedReader reader = new PackedReader(block, number++);
      if (reader.next()) {
        readers.add(reader);
      }
    }
    int[] numbers = new int[number];
    long[] counts = new long[number];
    byte[] key = new byte[64];
    while (!readers.isEmpty()) {
      PackedReader first = readers.element();
      int length = first.keyLength();
      key = length > key.length ? new byte[2 * length] : key;
      System.arraycopy(first.key(), 0, key, 0, length);
      int n = 0;
      for (PackedReader reader = first; reader != null && isAt(reader, key, length); ) {
        numbers[n] = reader.number();
        counts[n++] = reader.count();
        readers.remove();
        if (reader.next()) {
          readers.add(reader);
        }
        reader = readers.peek();
      }
      visitor.visit(key, 0, length, numbers, counts, n);
    }
  }

  private static boolean isAt(PackedReader reader, byte[] key, int length) {
    return Arrays.equals(reader.key(), 0, reader.keyLength(), key, 0, length);
  }
}
