package org.merganser.pipeline.settings;

import java.io.Serializable;
import java.util.List;
import org.merganser.corpus.WorkUnit;

/**
 * The plan by which the counting of pretokens is spread over workers. It depends only on the size
 * of the corpus, and the combined counts are the same with every plan.
 *
 * <p>Each counting unit packs each of its distinct pretokens once. So counting units, which are
 * groups of work units, grow with the corpus: the data that they pack together then grows like
 * bytes^0.62 instead of bytes. Below 32 GiB of text, each work unit is a counting unit. From there
 * on, a counting unit has at most {@code targetBytes}, which is a power of two between 1/512 and
 * 1/256 of the corpus, so there are some 450 to 950 counting units.
 *
 * <p>There are 32 partitions of the combined counts up to 16 GiB, and twice as many for each
 * fourfold size, 512 at most. Combining one partition takes some tens of megabytes, and 200 MB at
 * 100 TB.
 *
 * @param targetBytes the target text of a counting unit in bytes; 0 if each work unit is one
 * @param partitions hash partitions of every table: the tables are combined in at most this many
 *     tasks
 * @param maxDistinct the most distinct pretokens in the tables of a thread, which bounds their
 *     memory; fuller tables are packed and kept on the worker's disk until the counting unit is
 *     done
 */
public record CountingSpread(long targetBytes, int partitions, int maxDistinct)
    implements Serializable {
  private static final long GIB = 1L << 30;

  /** A counting unit is at most this part of the corpus. */
  private static final int UNIT_SHARE = 256;

  /** The smallest target of a counting unit: two large work units. */
  private static final long MIN_TARGET_BYTES = 1L << 27;

  /** Up to this size of the corpus there are {@link #MIN_PARTITIONS}. */
  private static final long SMALL_CORPUS = 16 * GIB;

  private static final int MIN_PARTITIONS = 32;
  private static final int MAX_PARTITIONS = 512;

  /**
   * The most distinct pretokens in the table of a thread. The table takes 100 MB, and 150 MB while
   * it doubles for the last time; a third more if its pretokens are numbered.
   */
  private static final int MAX_DISTINCT = 2_000_000;

  public CountingSpread {
    if (targetBytes < 0 || partitions < 1 || maxDistinct < 1) {
      throw new IllegalArgumentException(
          targetBytes + " bytes, " + partitions + " partitions, " + maxDistinct + " pretokens");
    }
  }

  /** The spread for a corpus of these units. */
  public static CountingSpread of(List<WorkUnit> units) {
    return of(units.stream().mapToLong(WorkUnit::textBytes).sum());
  }

  /** The spread for a corpus with this many bytes of text. */
  public static CountingSpread of(long textBytes) {
    long largest = Long.highestOneBit(Math.max(1, textBytes / UNIT_SHARE));
    long target = largest < MIN_TARGET_BYTES ? 0 : largest;
    return new CountingSpread(target, partitions(textBytes), MAX_DISTINCT);
  }

  /** The number of partitions, which doubles for each fourfold size of the corpus. */
  private static int partitions(long textBytes) {
    int partitions = MIN_PARTITIONS;
    long limit = SMALL_CORPUS;
    while (textBytes > limit && partitions < MAX_PARTITIONS) {
      partitions *= 2;
      limit *= 4;
    }
    return partitions;
  }
}
