package org.merganser.bpe.count;

import java.util.Arrays;

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
    forEachMerged(
        blocks, (bytes, length, shared, count) -> out.append(bytes, 0, length, shared, count));
    return out.toBlock();
  }

  /**
   * Visits the entries of many blocks as if they were one: in order, each pretoken once with its
   * summed count. Memory is that of the blocks.
   *
   * @throws ArithmeticException when a count exceeds a long
   */
  public static void merge(Iterable<byte[]> blocks, PretokenCounts.Visitor visitor) {
    forEachMerged(blocks, (bytes, length, shared, count) -> visitor.visit(bytes, 0, length, count));
  }

  /** Receives a merged entry. */
  @FunctionalInterface
  private interface MergedEntries {
    /**
     * {@code bytes[0, length)}, of which the first {@code shared} are those of the entry before.
     */
    void entry(byte[] bytes, int length, int shared, long count);
  }

  private static void forEachMerged(Iterable<byte[]> blocks, MergedEntries out) {
    LoserTree tree = new LoserTree(blocks);
    byte[] key = new byte[64];
    PackedReader first = tree.first();
    while (first != null) {
      int length = first.keyLength();
      int shared = tree.shared();
      if (length > key.length) {
        key = Arrays.copyOf(key, Math.max(length, 2 * key.length));
      }
      System.arraycopy(first.key(), shared, key, shared, length - shared);
      long count = first.count();
      tree.next();
      first = tree.first();
      while (first != null && tree.isRepeated()) {
        count = Math.addExact(count, first.count());
        tree.next();
        first = tree.first();
      }
      out.entry(key, length, shared, count);
    }
  }
}
