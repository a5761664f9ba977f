package org.merganser.bpe.train;

import java.util.Arrays;
import org.merganser.bpe.count.PretokenCounts;

/**
 * How many distinct pretokens have each count, how many bytes they have, and how often they occur,
 * without the pretokens themselves. It tells what a training keeps with each minimum count, and
 * checks that this fits a {@link TrainingBound}. Counts up to 65,536 are exact; greater ones share
 * a bucket for each power of two.
 */
public final class CountHistogram implements PretokenCounts.Visitor {
  /** The logarithm of {@link #EXACT}, to base 2. */
  private static final int EXACT_LOG = 16;

  /** The greatest count with a bucket of its own. */
  private static final int EXACT = 1 << EXACT_LOG;

  /**
   * Bucket 0 for what is too rare, one for each exact count, then one for each power of two: {@code
   * EXACT + 1} has the counts from 2^16 + 1 to 2^17, and the last one those above 2^62.
   */
  private static final int BUCKETS = EXACT + Long.SIZE - EXACT_LOG;

  private final long minimumCount;

  /** By bucket, the distinct pretokens. */
  private final long[] distinct = new long[BUCKETS];

  /** By bucket, the bytes of the distinct pretokens. */
  private final long[] bytes = new long[BUCKETS];

  /** By bucket, the occurrences of the pretokens. */
  private final long[] occurrences = new long[BUCKETS];

  /**
   * @param minimumCount rarer pretokens are left out in any case
   */
  public CountHistogram(long minimumCount) {
    this.minimumCount = minimumCount;
  }

  @Override
  public void visit(byte[] pretoken, int from, int to, long count) {
    int bucket = count < minimumCount ? 0 : bucket(count);
    distinct[bucket]++;
    bytes[bucket] += to - from;
    occurrences[bucket] = Math.addExact(occurrences[bucket], count);
  }

  /**
   * Checks that a training from the pretokens of the minimum count and above fits a bound.
   *
   * @return how many pretokens these are, and how many are left out
   * @throws TrainingBound.ExceededException if they do not fit the bound
   */
  public KeptCounts requireFit(TrainingBound bound, int vocabSize) {
    long noLimit = Long.MAX_VALUE;
    KeptCounts all = keptWithin(noLimit, noLimit, vocabSize);
    long keptBytes = Arrays.stream(bytes).skip(1).sum();
    long needed = TrainingBound.estimateBytes(all.keptDistinct(), keptBytes, vocabSize);
    if (needed > bound.maxBytes()) {
      long fixed = TrainingBound.estimateBytes(0, 0, vocabSize);
      // Three quarters of what is free, since another attempt may find a little less free memory.
      long surelyFree = fixed + (bound.maxBytes() - fixed) / 4 * 3;
      KeptCounts fitting = keptWithin(noLimit, surelyFree, vocabSize);
      throw new TrainingBound.ExceededException(needed, bound.maxBytes(), fitting);
    }
    return all;
  }

  /** What is kept with the smallest minimum count that keeps at most {@code most} entries. */
  public KeptCounts keptWithin(int most) {
    int noVocabulary = 0; // has no effect without a limit of memory
    long noLimitOfMemory = Long.MAX_VALUE;
    return keptWithin(most, noLimitOfMemory, noVocabulary);
  }

  /**
   * What is kept with the smallest minimum count for which a training is within two limits. Minimum
   * counts are tried from the greatest down, by powers of two, and from 65,536 one by one.
   *
   * @param maxDistinct the maximum number of distinct pretokens
   * @param maxBytes the maximum of {@link TrainingBound#estimateBytes}
   * @param vocabSize the number of tokens to learn, which also take memory
   */
  KeptCounts keptWithin(long maxDistinct, long maxBytes, int vocabSize) {
    long kept = 0;
    long keptBytes = 0;
    int bucket = BUCKETS - 1;
    for (; bucket >= 1; bucket--) {
      long withBucket = kept + distinct[bucket];
      long bytesWithBucket = keptBytes + bytes[bucket];
      if (withBucket > maxDistinct
          || TrainingBound.estimateBytes(withBucket, bytesWithBucket, vocabSize) > maxBytes) {
        break;
      }
      kept = withBucket;
      keptBytes = bytesWithBucket;
    }
    int firstKept = bucket + 1;
    return new KeptCounts(
        minimumCountAbove(bucket),
        kept,
        checkedSum(occurrences, firstKept, BUCKETS),
        checkedSum(distinct, 0, firstKept),
        checkedSum(occurrences, 0, firstKept));
  }

  /**
   * The sum of {@code values[from, to)}.
   *
   * @throws ArithmeticException if it exceeds a long
   */
  private static long checkedSum(long[] values, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum = Math.addExact(sum, values[i]);
    }
    return sum;
  }

  /** The minimum count that keeps all buckets above one. */
  private long minimumCountAbove(int bucket) {
    if (bucket == 0) {
      return minimumCount;
    }
    return bucket == BUCKETS - 1 ? Long.MAX_VALUE : leastCount(bucket + 1);
  }

  /** The bucket of a count; 0 for a count below 1. */
  private static int bucket(long count) {
    return count <= EXACT
        ? (int) Math.max(0, count)
        : BUCKETS - Long.numberOfLeadingZeros(count - 1);
  }

  /** The least count in a bucket. */
  private static long leastCount(int bucket) {
    return bucket <= EXACT ? bucket : (1L << (bucket - EXACT - 1 + EXACT_LOG)) + 1;
  }
}
