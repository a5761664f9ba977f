package org.merganser.bpe.count;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pretoken counts by group, such as by language, in transport form: what {@link PackedCounts} is
 * for counts without groups. Each pretoken stands once, with the counts of the groups that have it;
 * most pretokens occur in one or two.
 *
 * <p>A block is {@code "MPG" version(1 byte) crc32c(4 bytes, little-endian, of all that follows)
 * groups}, then {@code length name} for each group by the order of {@link String#compareTo}, then
 * {@code entries total}, and then for each entry {@code shared suffix-length suffix} as there, and
 * for each group that has it {@code step count}. A step is twice the number of groups that were
 * passed over since the last one, and 1 more where another group follows: of the groups de, en and
 * fr, the counts 7 of en and 5 of fr are {@code 03 07 00 05}. Only groups that have a pretoken in
 * the block are named. The same counts always give the same bytes.
 */
public final class GroupedCounts {
  /** The most groups that are told apart. */
  public static final int MAX_GROUPS = 256;

  /** The most bytes of a group's name. */
  public static final int MAX_NAME_BYTES = 1024;

  static final byte[] MAGIC = {'M', 'P', 'G', 1};

  private GroupedCounts() {}

  /** Called for each entry. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * {@code bytes[from, to)} occurred in the first {@code n} of {@code groups}, which ascend,
     * {@code counts[i]} times in {@code groups[i]}; the arrays are only lent.
     */
    void visit(byte[] bytes, int from, int to, int[] groups, long[] counts, int n);
  }

  static boolean isGrouped(byte[] block) {
    return block.length >= MAGIC.length && Arrays.equals(block, 0, 3, MAGIC, 0, 3);
  }

  /**
   * Combines the tables of several groups.
   *
   * @param blocksByGroup a block of {@link PackedCounts} for each group
   * @throws GroupLimitException for more than {@link #MAX_GROUPS} groups, or too long a name
   */
  public static byte[] of(SortedMap<String, byte[]> blocksByGroup) {
    SortedMap<String, PackedReader> readers = new TreeMap<>();
    blocksByGroup.forEach(
        (group, block) -> {
          if (block.length > 0) {
            readers.put(group, new PackedReader(block));
          }
        });
    List<String> names = List.copyOf(readers.keySet());
    requireFew(names);
    int[][] numbers = new int[names.size()][];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new int[] {i};
    }
    return merge(List.copyOf(readers.values()), names, numbers);
  }

  /**
   * @throws GroupLimitException for more than {@link #MAX_GROUPS} groups, or too long a name
   */
  public static void requireFew(Iterable<String> groups) {
    List<String> first = new ArrayList<>();
    for (String group : groups) {
      int bytes = group.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_NAME_BYTES) {
        throw new GroupLimitException(
            ("counts by group: the name of a group has %s bytes, at most %s are possible; it begins"
                    + " with \"%s\". Group the text by a field with shorter values")
                .formatted(
                    bytes, MAX_NAME_BYTES, group.substring(0, Math.min(40, group.length()))));
      }
      if (first.size() == MAX_GROUPS) {
        throw new GroupLimitException(
            ("counts by group: the text has more than %s groups, such as %s; at most that many are"
                    + " told apart. Group the text by a field with fewer values")
                .formatted(MAX_GROUPS, String.join(", ", first.subList(0, 5))));
      }
      first.add(group);
    }
  }

  /** As {@link PackedCounts#merge(Iterable)}, of blocks with groups. */
  static byte[] merge(Iterable<byte[]> blocks) {
    List<PackedReader> readers = new ArrayList<>();
    SortedSet<String> all = new TreeSet<>();
    for (byte[] block : blocks) {
      if (block.length > 0) {
        PackedReader reader = new PackedReader(block);
        if (reader.groupNames().isEmpty()) {
          throw new IllegalArgumentException(
              "packed counts: a block without groups among blocks with groups");
        }
        readers.add(reader);
        all.addAll(reader.groupNames());
      }
    }
    requireFew(all);
    List<String> names = List.copyOf(all);
    int[][] numbers = new int[readers.size()][];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = numbers(readers.get(i), names);
    }
    return merge(readers, names, numbers);
  }

  /** The place in {@code names} of each group of a block. */
  private static int[] numbers(PackedReader reader, List<String> names) {
    int[] numbers = new int[reader.groupNames().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = names.indexOf(reader.groupNames().get(i));
    }
    return numbers;
  }

  /**
   * @param numbers for each reader the numbers of its groups; of a reader without groups, that of
   *     the one that it stands for
   */
  private static byte[] merge(List<PackedReader> readers, List<String> names, int[][] numbers) {
    PackedWriter out = new PackedWriter(names);
    LoserTree tree = new LoserTree(readers);
    long[] counts = new long[names.size()];
    int[] present = new int[names.size()];
    PackedReader first = tree.first();
    while (first != null) {
      int shared = tree.takeKey();
      int n = add(first, numbers[tree.firstNumber()], counts, present, 0);
      tree.next();
      first = tree.first();
      while (first != null && tree.isRepeated()) {
        n = add(first, numbers[tree.firstNumber()], counts, present, n);
        tree.next();
        first = tree.first();
      }
      Arrays.sort(present, 0, n);
      out.append(tree.key(), tree.keyLength(), shared, present, n, counts);
      for (int i = 0; i < n; i++) {
        counts[present[i]] = 0;
      }
    }
    return out.toBlock();
  }

  /** Adds the counts of an entry and returns how many groups have it now. */
  private static int add(
      PackedReader entry, int[] numbers, long[] counts, int[] present, int before) {
    int n = before;
    boolean grouped = !entry.groupNames().isEmpty();
    int groups = grouped ? entry.groupsOfEntry() : 1;
    for (int i = 0; i < groups; i++) {
      int group = numbers[grouped ? entry.group(i) : 0];
      if (counts[group] == 0) {
        present[n++] = group;
      }
      long more = grouped ? entry.groupCount(i) : entry.count();
      counts[group] = Math.addExact(counts[group], more);
    }
    return n;
  }

  /** Names of the groups that have a pretoken in a block, ascending. */
  public static List<String> groups(byte[] block) {
    return new PackedReader(block).groupNames();
  }

  /**
   * Visits the entries of a block in order.
   *
   * @param names by which the visitor is told a group: all of the block are among them
   */
  public static void forEach(byte[] block, List<String> names, Visitor visitor) {
    PackedReader reader = new PackedReader(block);
    int[] numbers = numbers(reader, names);
    int[] groups = new int[numbers.length];
    long[] counts = new long[numbers.length];
    while (reader.next()) {
      int n = reader.groupsOfEntry();
      for (int i = 0; i < n; i++) {
        groups[i] = numbers[reader.group(i)];
        counts[i] = reader.groupCount(i);
      }
      visitor.visit(reader.key(), 0, reader.keyLength(), groups, counts, n);
    }
  }
}
