package org.merganser.bpe.train;

import java.io.Serializable;
import java.util.Arrays;
import org.merganser.bpe.count.PretokenCounts;

/**
 * What a training leaves out, and the memory that it may take. A training that does not fit fails
 * with an {@link ExceededException} before it begins; it never drops pretokens to fit.
 *
 * @param minimumCount rarer pretokens are left out
 * @param maxBytes the maximum memory, compared with {@link #estimateBytes}; nothing fits a negative
 *     number
 */
public record TrainingBound(long minimumCount, long maxBytes) {

  public static final TrainingBound NONE = new TrainingBound(1, Long.MAX_VALUE);

  /**
   * What was left out and kept.
   *
   * @param minimumCount rarer pretokens were left out
   * @param keptDistinct distinct pretokens learned from
   * @param keptMass their occurrences
   * @param cutDistinct distinct pretokens left out; their bytes still count for the alphabet
   * @param cutMass their occurrences
   */
  public record Cut(
      long minimumCount, long keptDistinct, long keptMass, long cutDistinct, long cutMass)
      implements Serializable {}

  public record Result(TrainedBpe trained, Cut cut) {}

  /** The training does not fit its memory. */
  public static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public final long neededBytes;
    public final long maxBytes;

    /** What would be kept with the smallest minimum count that surely fits. */
    public final Cut fitting;

    private ExceededException(long neededBytes, long maxBytes, Cut fitting) {
      super("training needs %s bytes and may use %s".formatted(neededBytes, maxBytes));
      this.neededBytes = neededBytes;
      this.maxBytes = maxBytes;
      this.fitting = fitting;
    }
  }

  private static final int EXACT = 1 << 16;

  /** Exact counts, then a bucket for each power of two from 2^16 + 1 on. */
  private static final int BUCKETS = EXACT + 48;

  /**
   * @throws IllegalArgumentException for a minimum count below 1
   */
  public TrainingBound {
    if (minimumCount < 1) {
      throw new IllegalArgumentException(
          "a training bound with minimum count " + minimumCount + "; it must be 1 or more");
    }
  }

  /**
   * An upper estimate of a training's memory: 8 bytes for each byte of each distinct pretoken and
   * 16 more, 256 for each token of the vocabulary, 16 MiB for the rest.
   */
  static long estimateBytes(long distinct, long pretokenBytes, int vocabSize) {
    return 8 * pretokenBytes + 16 * distinct + 256L * vocabSize + (16L << 20);
  }

  public static final class Histogram implements PretokenCounts.Visitor {
    private final long minimumCount;
    private final long[] distinct = new long[BUCKETS];
    private final long[] bytes = new long[BUCKETS];
    private final long[] mass = new long[BUCKETS];

    public Histogram(long minimumCount) {
      this.minimumCount = minimumCount;
    }

    @Override
    public void visit(byte[] pretoken, int from, int to, long count) {
      int bucket = count < minimumCount ? 0 : bucket(count);
      distinct[bucket]++;
      bytes[bucket] += to - from;
      mass[bucket] = Math.addExact(mass[bucket], count);
    }

    private static int bucket(long count) {
      return count <= EXACT
          ? (int) Math.max(0, count)
          : EXACT + 48 - Long.numberOfLeadingZeros(count - 1);
    }

    private static long leastCount(int bucket) {
      return bucket <= EXACT ? bucket : (1L << (bucket - EXACT + 15)) + 1;
    }

    /**
     * @throws ExceededException if it does not fit the bound
     */
    public Cut within(TrainingBound bound, int vocabSize) {
      Cut all = most(Long.MAX_VALUE, Long.MAX_VALUE, vocabSize);
      long keptBytes = Arrays.stream(bytes).skip(1).sum();
      long needed = estimateBytes(all.keptDistinct, keptBytes, vocabSize);
      if (needed > bound.maxBytes) {
        long fixed = estimateBytes(0, 0, vocabSize);
        // Less than the bound, since the free memory of another attempt may differ a little.
        long surely = fixed + (bound.maxBytes - fixed) / 4 * 3;
        Cut fitting = most(Long.MAX_VALUE, surely, vocabSize);
        throw new ExceededException(needed, bound.maxBytes, fitting);
      }
      return all;
    }

    /**
     * What is kept with the smallest minimum count for which the rest is within the limits. Minimum
     * counts are tried one by one up to 65,536, then by powers of two.
     */
    public Cut most(long maxDistinct, long maxBytes, int vocabSize) {
      long kept = 0;
      long keptBytes = 0;
      long keptMass = 0;
      int bucket = BUCKETS - 1;
      for (; bucket >= 1; bucket--) {
        long more = kept + distinct[bucket];
        long moreBytes = keptBytes + bytes[bucket];
        if (more > maxDistinct || estimateBytes(more, moreBytes, vocabSize) > maxBytes) {
          break;
        }
        kept = more;
        keptBytes = moreBytes;
        keptMass = Math.addExact(keptMass, mass[bucket]);
      }
      long cutDistinct = 0;
      long cutMass = 0;
      for (int cut = 0; cut <= bucket; cut++) {
        cutDistinct += distinct[cut];
        cutMass = Math.addExact(cutMass, mass[cut]);
      }
      long least = bucket == BUCKETS - 1 ? Long.MAX_VALUE : leastCount(bucket + 1);
      return new Cut(bucket == 0 ? minimumCount : least, kept, keptMass, cutDistinct, cutMass);
    }
  }
}
