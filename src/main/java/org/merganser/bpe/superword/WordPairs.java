package org.merganser.bpe.superword;

import java.nio.ByteBuffer;
import java.util.Arrays;
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
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final long EMPTY = -1;

  private static final int PAIR_BYTES = 2 * WordRuns.ID_BYTES;

  private final long minimumCount;
  private final long leftOut;
  private final long occurrencesLeftOut;
  private final int size;
  private final long[] slots;
  private final int shift;

  private WordPairs(long minimumCount, long leftOut, long occurrencesLeftOut, byte[] pairs) {
    this.minimumCount = minimumCount;
    this.leftOut = leftOut;
    this.occurrencesLeftOut = occurrencesLeftOut;
    this.size = pairs.length / PAIR_BYTES;
    int log = 64 - Long.numberOfLeadingZeros(Math.max(8, 2L * size));
    this.slots = new long[1 << log];
    this.shift = 64 - log;
    Arrays.fill(slots, EMPTY);
    for (int at = 0; at < pairs.length; at += PAIR_BYTES) {
      long key = key(WordRuns.id(pairs, at), WordRuns.id(pairs, at + WordRuns.ID_BYTES));
      int slot = (int) (key * MIX >>> shift);
      while (slots[slot] != EMPTY) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = key;
    }
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
    long[] left = {0, 0};
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
            left[1] = Math.addExact(left[1], count);
          }
        });
    // If all others are below the wanted count, the bound leaves none out.
    long cut = left[0] == 0 ? wanted : least;
    return new WordPairs(cut, left[0], left[1], Arrays.copyOf(kept[0], length[0]));
  }

  /** The minimum count of a merge that can be learned from these pairs. */
  public long minimumCount() {
    return minimumCount;
  }

  /** The distinct pairs that were left out although they are frequent enough for a merge. */
  public long leftOut() {
    return leftOut;
  }

  /** The occurrences of the pairs that {@link #leftOut} counts. */
  public long occurrencesLeftOut() {
    return occurrencesLeftOut;
  }

  public int size() {
    return size;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  boolean contains(int left, int right) {
    long key = key(left, right);
    int slot = (int) (key * MIX >>> shift);
    while (slots[slot] != EMPTY) {
      if (slots[slot] == key) {
        return true;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return false;
  }

  /** The form that {@link #fromBytes} reads; equal pairs have equal bytes. */
  public byte[] toBytes() {
    long[] sorted = Arrays.stream(slots).filter(key -> key != EMPTY).sorted().toArray();
    ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES + PAIR_BYTES * sorted.length);
    bytes.putLong(minimumCount).putLong(leftOut).putLong(occurrencesLeftOut);
    byte[] pair = new byte[PAIR_BYTES];
    for (long key : sorted) {
      WordRuns.put((int) (key >>> 32), pair, 0);
      WordRuns.put((int) key, pair, WordRuns.ID_BYTES);
      bytes.put(pair);
    }
    return bytes.array();
  }

  public static WordPairs fromBytes(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    long minimumCount = bytes.getLong();
    long leftOut = bytes.getLong();
    long occurrences = bytes.getLong();
    byte[] pairs = Arrays.copyOfRange(written, bytes.position(), written.length);
    return new WordPairs(minimumCount, leftOut, occurrences, pairs);
  }
}
