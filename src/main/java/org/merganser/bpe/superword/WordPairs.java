package org.merganser.bpe.superword;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.CountHistogram;

/**
 * The pairs of ids that are frequent enough to be merged across words, and the number of those left
 * out. Ids are those of stage 1; a pair is two adjacent ids in a segment of text that stage 2 does
 * not cut.
 *
 * <p><b>Why it is enough.</b> A merge (x, y) of stage 2 joins, at each of its places, the last id
 * of x and the first of y, as stage 1 left them, and these two ids are the same at all places. So
 * the merge occurs at most as often as that pair of ids. If only merges that occur at least c times
 * are learned, none crosses a rarer pair. So a text may be divided there: the counts of all learned
 * merges stay the same. Immutable.
 */
public final class WordPairs {
  /** The bytes of {@link #toBytes} before the pairs: the minimum count and the pairs left out. */
  private static final int HEADER_BYTES = 2 * Long.BYTES;

  /** The bytes of a pair in {@link #pairs}. */
  private static final int PAIR_BYTES = 2 * SuperwordKeys.ID_BYTES;

  private final long minimumCount;

  /** The distinct pairs that were left out. */
  private final long leftOut;

  /** The pairs, back to back, as {@link SuperwordKeys} writes ids. */
  private final byte[] pairs;

  /** A set of the pairs: each is a merge whose rank and result have no meaning. */
  private final MergeTable table;

  private WordPairs(long minimumCount, long leftOut, byte[] pairs) {
    this.minimumCount = minimumCount;
    this.leftOut = leftOut;
    this.pairs = pairs;
    int[] ids = new int[pairs.length / SuperwordKeys.ID_BYTES];
    Arrays.setAll(ids, i -> SuperwordKeys.id(pairs, i * SuperwordKeys.ID_BYTES));
    this.table = new MergeTable(ids, new int[size()], SuperwordKeys.ID_BOUND);
  }

  /**
   * Chooses the most frequent pairs.
   *
   * @param counts of pairs as {@link SuperwordKeys#ofPairs} produces them; is read twice
   * @param minimumCount a rarer pair is not merged
   * @param most the maximum number of pairs to keep; if there are more, the rarest are left out
   */
  public static WordPairs choose(BpeTrainer.CountSource counts, long minimumCount, int most) {
    long wanted = Math.max(1, minimumCount);
    CountHistogram histogram = new CountHistogram(wanted);
    counts.forEach(histogram);
    long least = histogram.keptWithin(most).minimumCount();
    Selection selection = new Selection(wanted, least);
    counts.forEach(selection);
    // If no frequent pair was left out, the kept ones are all that reach the wanted count.
    long reached = selection.leftOut == 0 ? wanted : least;
    return new WordPairs(reached, selection.leftOut, selection.kept.toByteArray());
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the number of bytes is none that it writes
   */
  public static WordPairs fromBytes(byte[] written) {
    if (written.length < HEADER_BYTES || (written.length - HEADER_BYTES) % PAIR_BYTES != 0) {
      throw new IllegalArgumentException(
          written.length + " bytes are not pairs of words; was the file damaged?");
    }
    ByteBuffer bytes = ByteBuffer.wrap(written);
    long minimumCount = bytes.getLong();
    long leftOut = bytes.getLong();
    byte[] pairs = Arrays.copyOfRange(written, bytes.position(), written.length);
    return new WordPairs(minimumCount, leftOut, pairs);
  }

  /** The minimum count of a merge that can be learned from these pairs. */
  public long minimumCount() {
    return minimumCount;
  }

  /** The distinct pairs that were left out although they are frequent enough for a merge. */
  public long leftOut() {
    return leftOut;
  }

  /** The number of pairs. */
  public int size() {
    return pairs.length / PAIR_BYTES;
  }

  /** Whether the pair of two ids is among these. */
  boolean contains(int left, int right) {
    return table.rank(left, right) != MergeTable.NONE;
  }

  /** The form that {@link #fromBytes} reads; equal pairs have equal bytes. */
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + pairs.length);
    bytes.putLong(minimumCount).putLong(leftOut);
    byte[] keyBytes = new byte[Long.BYTES];
    int unused = Long.BYTES - PAIR_BYTES; // the highest bytes of a key, which are 0
    IntStream.range(0, size())
        .mapToLong(i -> key(i * PAIR_BYTES))
        .sorted()
        .forEach(
            key -> {
              ByteBuffer.wrap(keyBytes).putLong(key);
              bytes.put(keyBytes, unused, PAIR_BYTES);
            });
    return bytes.array();
  }

  /** The pair at a place of {@link #pairs} as a number, which orders pairs by their ids. */
  private long key(int at) {
    long left = SuperwordKeys.id(pairs, at);
    long right = SuperwordKeys.id(pairs, at + SuperwordKeys.ID_BYTES);
    return (left << (Byte.SIZE * SuperwordKeys.ID_BYTES)) | right;
  }

  /** Keeps the pairs of at least {@code least} occurrences. */
  private static final class Selection implements PretokenCounts.Visitor {
    /** The minimum count of a merge. */
    private final long wanted;

    /** The minimum count of a pair that is kept. */
    private final long least;

    private final ByteBuilder kept = new ByteBuilder(1 << 10);

    /** The number of pairs below {@code least} that reach the wanted minimum. */
    private long leftOut;

    Selection(long wanted, long least) {
      this.wanted = wanted;
      this.least = least;
    }

    @Override
    public void visit(byte[] bytes, int from, int to, long count) {
      if (count >= least) {
        kept.append(bytes, from, to);
      } else if (count >= wanted) {
        leftOut++;
      }
    }
  }
}
