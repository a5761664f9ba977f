package org.merganser.bpe.superword;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainingBound;

/**
 * The pairs of ids that are frequent enough to be merged across words, and the number of those left
 * out. Ids are those of stage 1; a pair is two adjacent ids in a segment of text that stage 2 does
 * not cut.
 *
 * <p><b>Why it is enough.</b> A merge (x, y) of stage 2 joins, at each of its places, the last id
 * of x and the first of y, as stage 1 left them, and these two ids are the same at all places. So
 * the merge occurs at most as often as that pair of ids. If only merges that occur at least c times
 * are learned, none crosses a rarer pair. So a text may be cut there: the counts of all learned
 * merges stay the same. Immutable.
 */
public final class WordPairs {
  private static final int PAIR_BYTES = 2 * WordRuns.ID_BYTES;

  private final long minimumCount;
  private final long leftOut;

  /** Back to back, as {@link WordRuns} writes ids. */
  private final byte[] pairs;

  /** Has a rank for each pair. */
  private final MergeTable table;

  private WordPairs(long minimumCount, long leftOut, byte[] pairs) {
    this.minimumCount = minimumCount;
    this.leftOut = leftOut;
    this.pairs = pairs;
    int[] ids = new int[pairs.length / WordRuns.ID_BYTES];
    Arrays.setAll(ids, i -> WordRuns.id(pairs, i * WordRuns.ID_BYTES));
    this.table = new MergeTable(ids, new int[size()], 1 << Byte.SIZE * WordRuns.ID_BYTES);
  }

  /**
   * @param counts of pairs as {@link WordRuns#ofPairs} counts them; is read twice
   * @param minimumCount a rarer pair is not merged
   * @param most the maximum number of pairs to keep; the rarest others are left out
   */
  public static WordPairs choose(BpeTrainer.CountSource counts, long minimumCount, int most) {
    long wanted = Math.max(1, minimumCount);
    TrainingBound.Histogram histogram = new TrainingBound.Histogram(wanted);
    counts.forEach(histogram);
    long least = histogram.most(most, Long.MAX_VALUE, 0).minimumCount();
    byte[][] kept = {new byte[1 << 10]};
    int[] length = {0};
    long[] left = {0};
    counts.forEach(
        (bytes, from, to, count) -> {
          if (count >= least) {
            if (length[0] + PAIR_BYTES > kept[0].length) {
              kept[0] = Arrays.copyOf(kept[0], 2 * kept[0].length);
            }
            System.arraycopy(bytes, from, kept[0], length[0], PAIR_BYTES);
            length[0] += PAIR_BYTES;
          } else if (count >= wanted) {
            left[0]++;
          }
        });
    // If all others are below the wanted count, the bound leaves none out.
    long cut = left[0] == 0 ? wanted : least;
    return new WordPairs(cut, left[0], Arrays.copyOf(kept[0], length[0]));
  }

  /** The minimum count of a merge that can be learned from these pairs. */
  public long minimumCount() {
    return minimumCount;
  }

  /** The distinct pairs that were left out although they are frequent enough for a merge. */
  public long leftOut() {
    return leftOut;
  }

  public int size() {
    return pairs.length / PAIR_BYTES;
  }

  boolean contains(int left, int right) {
    return table.rank(left, right) != MergeTable.NONE;
  }

  /** The form that {@link #fromBytes} reads; equal pairs have equal bytes. */
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + pairs.length);
    bytes.putLong(minimumCount).putLong(leftOut);
    byte[] pair = new byte[Long.BYTES];
    IntStream.range(0, size())
        .mapToLong(i -> key(i * PAIR_BYTES))
        .sorted()
        .forEach(
            key -> {
              ByteBuffer.wrap(pair).putLong(key);
              bytes.put(pair, Long.BYTES - PAIR_BYTES, PAIR_BYTES);
            });
    return bytes.array();
  }

  /** The bytes of a pair as a number, which orders pairs by their ids. */
  private long key(int at) {
    return (long) WordRuns.id(pairs, at) << Byte.SIZE * WordRuns.ID_BYTES
        | WordRuns.id(pairs, at + WordRuns.ID_BYTES);
  }

  public static WordPairs fromBytes(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    long minimumCount = bytes.getLong();
    long leftOut = bytes.getLong();
    byte[] pairs = Arrays.copyOfRange(written, bytes.position(), written.length);
    return new WordPairs(minimumCount, leftOut, pairs);
  }
}
