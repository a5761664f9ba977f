package org.merganser.pipeline.count;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.pipeline.settings.CountingSpread;

/**
 * The tables into which one thread counts, within a bound of memory: full tables are packed and
 * kept on the worker's disk until all is counted. The bound is {@link CountingSpread#maxDistinct}.
 * Not thread-safe.
 *
 * <p>The order of the calls for a counting unit: {@link #clear}; for each document {@link #of},
 * {@link #spillIfDue} after each batch of its pretokens, which may be millions, and {@link
 * #spillIfFull} after the last one; {@link #drain} at the end.
 */
final class SpillingTables {
  /** Receives the counts of all tables, one packed block for each partition, in their order. */
  @FunctionalInterface
  interface BlockSink {
    /**
     * @param block of length 0 if the partition has no pretoken
     */
    void accept(int partition, byte[] block) throws IOException;
  }

  /** The size of the tables is checked after this many pretokens, and after each document. */
  private static final int PRETOKENS_BETWEEN_CHECKS = 1 << 14;

  private final CountingSpread spread;
  private final boolean byGroup;
  private final boolean numbered;

  /** The tables in memory. */
  private CountTables tables;

  /** The tables that were full; null if none was. */
  private @Nullable SpilledCounts spilled;

  /** The pretokens that were counted since the size of the tables was last checked. */
  private long pretokensSinceCheck;

  /**
   * @param byGroup whether each group has a table
   * @param numbered whether the pretokens are numbered
   */
  SpillingTables(CountingSpread spread, boolean byGroup, boolean numbered) {
    this.spread = spread;
    this.byGroup = byGroup;
    this.numbered = numbered;
    this.tables = newTables();
  }

  /** The table for a document, until tables are spilled or dropped. */
  PretokenCounts of(@Nullable String group) {
    return tables.of(group);
  }

  /**
   * Spills the tables if they are full, which is checked after every so many pretokens.
   *
   * @param added the pretokens that were counted since the last call
   * @return whether the tables were spilled
   */
  boolean spillIfDue(int added) throws IOException {
    pretokensSinceCheck += added;
    return pretokensSinceCheck > PRETOKENS_BETWEEN_CHECKS && spillIfFull();
  }

  /** Spills the tables if they are full; returns whether they were. */
  boolean spillIfFull() throws IOException {
    pretokensSinceCheck = 0;
    if (tables.distinct() <= spread.maxDistinct()) {
      return false;
    }
    byte[][] blocks = tables.pack(spread.partitions());
    tables = newTables(); // the full ones are released before blocks are written
    if (spilled == null) {
      spilled = new SpilledCounts(spread.partitions());
    }
    spilled.add(blocks);
    return true;
  }

  /**
   * Passes on all counts and drops them. The blocks do not depend on which tables were spilled. The
   * counts of a failed call are dropped by the next {@link #clear}.
   */
  void drain(BlockSink blocks) throws IOException {
    byte[][] last = tables.pack(spread.partitions());
    tables = newTables(); // the packed ones are released before blocks are combined
    SpilledCounts all = spilled;
    if (all != null) {
      all.add(last);
    }
    for (int partition = 0; partition < last.length; partition++) {
      blocks.accept(partition, all == null ? last[partition] : all.combined(partition));
    }
    clear();
  }

  /** Drops all counts; also used after a failure. */
  void clear() throws IOException {
    tables = newTables();
    SpilledCounts dropped = spilled;
    spilled = null;
    if (dropped != null) {
      dropped.close();
    }
  }

  private CountTables newTables() {
    return new CountTables(byGroup, numbered);
  }
}
