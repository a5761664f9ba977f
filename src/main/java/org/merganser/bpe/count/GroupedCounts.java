package org.merganser.bpe.count;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Pretoken counts by group, such as by language, in transport form. A block lists the groups that
 * have a pretoken, in the order of {@link String#compareTo}: the size of the name, the name in
 * UTF-8, the size of the group's block of {@link PackedCounts}, and that block. A size is a
 * big-endian int. Counts without groups are those of one group with an empty name. Equal counts
 * have equal bytes; a block without entries is an array of length 0. The caller compresses and adds
 * a checksum.
 */
public final class GroupedCounts {
  /** The maximum number of groups with counts of their own. */
  public static final int MAX_GROUPS = 256;

  /** The maximum length of a group's name in UTF-8. */
  public static final int MAX_NAME_BYTES = 1024;

  /** The number of groups that a message names. */
  private static final int SHOWN_GROUPS = 5;

  /** The characters of a long name that a message shows. */
  private static final int SHOWN_CHARACTERS = 40;

  private GroupedCounts() {}

  /** Receives the entries of a block. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Receives a pretoken and its counts by group. The arrays are valid during the call only.
     *
     * @param groups numbers of groups, ascending
     * @param counts how often {@code bytes[from, to)} occurs in the group at the same index
     * @param n the number of groups with a count
     */
    void visit(byte[] bytes, int from, int to, int[] groups, long[] counts, int n);
  }

  /**
   * The block of some groups.
   *
   * @param blocksByGroup by name of a group, its block of {@link PackedCounts}
   * @throws IllegalStateException if it does not fit one array
   */
  public static byte[] pack(SortedMap<String, byte[]> blocksByGroup) {
    long size = 0;
    for (var group : blocksByGroup.entrySet()) {
      size += 2L * Integer.BYTES + utf8(group.getKey()).length + group.getValue().length;
    }
    if (size > PackedWriter.MAX_BYTES) {
      throw new IllegalStateException(
          "a block of packed counts by group has %s bytes; use more partitions".formatted(size));
    }
    ByteBuffer all = ByteBuffer.allocate((int) size);
    blocksByGroup.forEach(
        (group, block) -> {
          if (block.length > 0) {
            byte[] name = utf8(group);
            all.putInt(name.length).put(name).putInt(block.length).put(block);
          }
        });
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  /**
   * The inverse of {@link #pack}: by name of a group, its block of {@link PackedCounts}.
   *
   * @param block unchanged since {@link #pack}
   */
  public static SortedMap<String, byte[]> blocksByGroup(byte[] block) {
    SortedMap<String, byte[]> blocks = new TreeMap<>();
    ByteBuffer all = ByteBuffer.wrap(block);
    while (all.hasRemaining()) {
      byte[] name = new byte[all.getInt()];
      all.get(name);
      byte[] packed = new byte[all.getInt()];
      all.get(packed);
      blocks.put(new String(name, StandardCharsets.UTF_8), packed);
    }
    return blocks;
  }

  /**
   * One block with the entries of all blocks, whose counts are added up group by group. Holds the
   * blocks and the result in memory.
   *
   * @throws ArithmeticException if a count exceeds a long
   */
  public static byte[] combine(Iterable<byte[]> blocks) {
    SortedMap<String, List<byte[]>> byGroup = new TreeMap<>();
    for (byte[] block : blocks) {
      blocksByGroup(block)
          .forEach(
              (group, packed) ->
                  byGroup.computeIfAbsent(group, name -> new ArrayList<>()).add(packed));
    }
    SortedMap<String, byte[]> combined = new TreeMap<>();
    byGroup.forEach((group, packed) -> combined.put(group, PackedCounts.combine(packed)));
    return pack(combined);
  }

  /**
   * Checks the number of the groups of a corpus and the lengths of their names.
   *
   * @param groups each name once
   * @throws GroupLimitException for more than {@link #MAX_GROUPS} groups, or too long a name
   */
  public static void requireWithinLimits(Iterable<String> groups) {
    List<String> names = new ArrayList<>();
    for (String group : groups) {
      int bytes = utf8(group).length;
      if (bytes > MAX_NAME_BYTES) {
        throw new GroupLimitException(
            ("counts by group: the name of a group has %s bytes, at most %s are possible; it begins"
                    + " with \"%s\". Group the text by a field with shorter values")
                .formatted(
                    bytes,
                    MAX_NAME_BYTES,
                    group.substring(0, Math.min(SHOWN_CHARACTERS, group.length()))));
      }
      if (names.size() == MAX_GROUPS) {
        throw new GroupLimitException(
            ("counts by group: the text has more than %s groups, such as %s; at most that many are"
                    + " told apart. Group the text by a field with fewer values")
                .formatted(MAX_GROUPS, String.join(", ", names.subList(0, SHOWN_GROUPS))));
      }
      names.add(group);
    }
  }

  /** Visits the entries of a block in order, each with the total of its counts in all groups. */
  public static void forEachTotal(byte[] block, PretokenCounts.Visitor visitor) {
    PackedCounts.forEachCombined(blocksByGroup(block).values(), visitor);
  }

  /**
   * Visits the entries of a block in order, each with its counts by group.
   *
   * @param names the names of groups, in the order of the group numbers that the visitor receives
   * @throws IllegalArgumentException if the block has a group without a name among {@code names}
   */
  public static void forEach(byte[] block, List<String> names, Visitor visitor) {
    SortedMap<String, byte[]> blocks = blocksByGroup(block);
    List<byte[]> byNumber = new ArrayList<>();
    for (String name : names) {
      byte[] ofGroup = blocks.remove(name);
      byNumber.add(ofGroup == null ? new byte[0] : ofGroup);
    }
    if (!blocks.isEmpty()) {
      throw new IllegalArgumentException("groups without a number: " + blocks.keySet());
    }
    PackedCounts.forEachByBlock(byNumber, visitor);
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
