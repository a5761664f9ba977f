package org.merganser.bpe.train;

/**
 * What a training leaves out, and the memory that it may take. {@link CountHistogram#requireFit}
 * compares the two before the training begins: a training that does not fit fails with an {@link
 * ExceededException}; it never drops pretokens to fit.
 *
 * @param minimumCount rarer pretokens are left out
 * @param maxBytes the maximum memory, compared with {@link #estimateBytes}; nothing fits a negative
 *     number
 */
public record TrainingBound(long minimumCount, long maxBytes) {

  /** No limit. */
  public static final TrainingBound NONE = new TrainingBound(1, Long.MAX_VALUE);

  /** The training does not fit its memory. */
  public static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The bytes that the training needs, by {@link #estimateBytes}. */
    public final long neededBytes;

    /** The bytes that the training may use. */
    public final long maxBytes;

    /** What would be kept with the smallest minimum count that surely fits. */
    public final KeptCounts fitting;

    ExceededException(long neededBytes, long maxBytes, KeptCounts fitting) {
      super("training needs %s bytes and may use %s".formatted(neededBytes, maxBytes));
      this.neededBytes = neededBytes;
      this.maxBytes = maxBytes;
      this.fitting = fitting;
    }
  }

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
   * An upper estimate of a training's memory in bytes: 8 for each byte of each distinct pretoken
   * and 16 more, 256 for each token of the vocabulary, 16 MiB for the rest.
   *
   * @param distinct the number of distinct pretokens
   * @param pretokenBytes the length of all of them together
   * @param vocabSize the number of tokens to learn
   */
  static long estimateBytes(long distinct, long pretokenBytes, int vocabSize) {
    long rest = 16L << 20;
    return 8 * pretokenBytes + 16 * distinct + 256L * vocabSize + rest;
  }
}
