package org.merganser.bpe.count;

import java.util.ArrayList;
import java.util.List;

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

  /** Visits the entries of a block in order; of one with groups, with the sum of its groups. */
  public static void forEach(byte[] block, PretokenCounts.Visitor visitor) {
    PackedReader reader = new PackedReader(block);
    while (reader.next()) {
      visitor.visit(reader.key(), 0, reader.keyLength(), reader.count());
    }
  }

  /**
   * Merges blocks by a k-way merge into one block; memory is that of the blocks and the result.
   * Blocks with groups give a block with groups ({@link GroupedCounts}).
   *
   * @throws ArithmeticException when the counts sum to more than a long
   * @throws GroupLimitException when there are more groups than a block can tell apart
   */
  public static byte[] merge(Iterable<byte[]> blocks) {
    for (byte[] block : blocks) {
      if (block.length > 0 && GroupedCounts.isGrouped(block)) {
        return GroupedCounts.merge(blocks);
      }
    }
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
    List<PackedReader> readers = new ArrayList<>();
    blocks.forEach(block -> readers.add(new PackedReader(block)));
    LoserTree tree = new LoserTree(readers);
    PackedReader first = tree.first();
    while (first != null) {
      int shared = tree.takeKey();
      long count = first.count();
      tree.next();
      first = tree.first();
      while (first != null && tree.isRepeated()) {
        count = Math.addExact(count, first.count());
        tree.next();
        first = tree.first();
      }
      out.entry(tree.key(), tree.keyLength(), shared, count);
    }
  }
}
