package org.merganser.pipeline.count;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.GroupLimitException;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.output.figures.GroupCounts;

/**
 * The tables into which one thread counts: one for all text, or one for each group. All tables are
 * packed by the same partitions.
 */
public final class CountTables {
  private final boolean byGroup;
  private final boolean numbered;

  /** By group; the one table of all text has the name "". */
  private final SortedMap<String, PretokenCounts> tables = new TreeMap<>();

  /**
   * @param byGroup whether each group has a table
   */
  public CountTables(boolean byGroup) {
    this(byGroup, /* numbered= */ false);
  }

  /**
   * @param byGroup whether each group has a table
   * @param numbered whether the pretokens are numbered ({@link PretokenCounts#number})
   */
  CountTables(boolean byGroup, boolean numbered) {
    this.byGroup = byGroup;
    this.numbered = numbered;
  }

  /**
   * The table for a document.
   *
   * @param group null for a document without a group
   * @throws GroupLimitException if there are more groups than the limit, or the name is too long;
   *     the tables are not to be used then
   */
  public PretokenCounts of(@Nullable String group) {
    String name = "";
    if (byGroup) {
      name = group == null ? GroupCounts.NONE : group;
    }
    PretokenCounts table = tables.get(name);
    if (table == null) {
      table = new PretokenCounts(numbered);
      tables.put(name, table);
      GroupedCounts.requireWithinLimits(tables.keySet());
    }
    return table;
  }

  /** The number of entries of all tables: a pretoken counts once for each group that has it. */
  public int distinct() {
    int distinct = 0;
    for (PretokenCounts table : tables.values()) {
      distinct += table.distinct();
    }
    return distinct;
  }

  /** Packs the tables; returns one block for each partition, of length 0 if it has no pretoken. */
  public byte[][] pack(int partitions) {
    SortedMap<String, byte[][]> packed = new TreeMap<>();
    tables.forEach((group, table) -> packed.put(group, table.pack(partitions)));
    byte[][] blocks = new byte[partitions][];
    for (int partition = 0; partition < partitions; partition++) {
      int number = partition;
      SortedMap<String, byte[]> ofPartition = new TreeMap<>();
      packed.forEach((group, all) -> ofPartition.put(group, all[number]));
      blocks[number] = GroupedCounts.pack(ofPartition);
    }
    return blocks;
  }
}
