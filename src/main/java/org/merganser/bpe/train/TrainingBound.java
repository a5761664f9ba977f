package org.merganser.bpe.train;

import org.merganser.bpe.count.PretokenCounts;

/**
 * A bound on the pretokens and the memory of a training. Where the distinct pretokens are too many,
 * the rarest are left out: those below the smallest minimum count with which the rest fits. Minimum
 * counts are tried from 1 to 65,536 one by one and above by powers of two.
 *
 * @param minimumCount rarer pretokens are left out in any case; exact up to 65,536
 * @param maxDistinct the most distinct pretokens
 * @param maxBytes the most bytes, by the estimate of {@link #estimateBytes}
 */
public record TrainingBound(long minimumCount, long maxDistinct, long maxBytes) {

  /** Nothing is left out. */
  public static final TrainingBound NONE = new TrainingBound(1, Long.MAX_VALUE, Long.MAX_VALUE);

  /**
   * The numbers of what was left out and kept.
   *
   * @param minimumCount pretokens that occur less often were left out; 1 when none was
   * @param keptDistinct distinct pretokens learned from
   * @param keptMass their occurrences
   * @param cutDistinct distinct pretokens left out; their bytes still count for the alphabet
   * @param cutMass their occurrences
   */
  public record Cut(
      long minimumCount, long keptDistinct, long keptMass, long cutDistinct, long cutMass) {}

  /** A training and what its bound left out. */
  public record Result(TrainedBpe trained, Cut cut) {}

  private static final int EXACT = 1 << 16;

  /** Exact counts, then a bucket for each power of two from 2^16 + 1 on. */
  private static final int BUCKETS = EXACT + 48;

  /**
   * @throws IllegalArgumentException for a bound below 0 or a minimum count below 1
   */
  public TrainingBound {
    if (minimumCount < 1) {
      throw new IllegalArgumentException(
          "a training bound with minimum count " + minimumCount + "; it must be 1 or more");
    }
    if (maxDistinct < 0 || maxBytes < 0) {
      throw new IllegalArgumentException(
          "a training bound of %s distinct pretokens and %s bytes; both must be 0 or more"
              .formatted(maxDistinct, maxBytes));
    }
  }

  /**
   * Memory of a training, on the safe side: 8 bytes for each byte of each distinct pretoken and 16
   * more, 256 for each token of the vocabulary, 16 MiB for the rest.
   */
  static long estimateBytes(long distinct, long pretokenBytes, int vocabSize) {
    return 8 * pretokenBytes + 16 * distinct + 256L * vocabSize + (16L << 20);
  }

  /** The first pass over the counts. */
  public static final class Histogram implements PretokenCounts.Visitor {
    private final long[] distinct = new long[BUCKETS];
    private final long[] bytes = new long[BUCKETS];
    private final long[] mass = new long[BUCKETS];

    @Override
    public void visit(byte[] pretoken, int from, int to, long count) {
      int bucket = bucket(count);
      distinct[bucket]++;
      bytes[bucket] += to - from;
      mass[bucket] = Math.addExact(mass[bucket], count);
    }

    private static int bucket(long count) {
      return count <= EXACT
          ? (int) Math.max(0, count)
          : EXACT + 48 - Long.numberOfLeadingZeros(count - 1);
    }

    /** The least count of a bucket. */
    private static long leastCount(int bucket) {
      return bucket <= EXACT ? bucket : (1L << (bucket - EXACT + 15)) + 1;
    }

    public Cut cut(TrainingBound bound, int vocabSize) {
      long kept = 0;
      long keptBytes = 0;
      long keptMass = 0;
      int least = BUCKETS;
      for (int bucket = BUCKETS - 1; bucket >= 1; bucket--) {
        long more = kept + distinct[bucket];
        long moreBytes = keptBytes + bytes[bucket];
        if (leastCount(bucket) < bound.minimumCount
            || more > bound.maxDistinct
            || estimateBytes(more, moreBytes, vocabSize) > bound.maxBytes) {
          break;
        }
        kept = more;
        keptBytes = moreBytes;
        keptMass = Math.addExact(keptMass, mass[bucket]);
        least = bucket;
      }
      long cutDistinct = 0;
      long cutMass = 0;
      for (int bucket = 1; bucket < least; bucket++) {
        cutDistinct += distinct[bucket];
        cutMass = Math.addExact(cutMass, mass[bucket]);
      }
      return new Cut(
          least == BUCKETS ? Long.MAX_VALUE : leastCount(least),
          kept,
          keptMass,
          cutDistinct,
          cutMass);
    }
  }
}
