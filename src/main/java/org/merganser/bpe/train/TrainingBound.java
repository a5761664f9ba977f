package org.merganser.bpe.train;

import java.io.Serializable;

/**
 * What a training leaves out, and the memory that it may take. A training that does not fit fails
 * with an {@link ExceededException} before it begins; it never drops pretokens to fit.
 *
 * @param minimumCount rarer pretokens are left out
 * @param maxBytes the maximum memory, compared with {@link #estimateBytes}; nothing fits a negative
 *     number
 */
public record TrainingBound(long minimumCount, long maxBytes) {

  /** No limit. */
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

  /**
   * A learned vocabulary, and what its training left out.
   *
   * @param trained the complete vocabulary and all merges
   */
  public record Result(TrainedBpe trained, Cut cut) {}

  /** The training does not fit its memory. */
  public static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the training needs, by {@link #estimateBytes}. */
    public final long neededBytes;

    /** What it may use. */
    public final long maxBytes;

    /** What would be kept with the smallest minimum count that surely fits. */
    public final Cut fitting;

    /** See the fields. */
    ExceededException(long neededBytes, long maxBytes, Cut fitting) {
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
   * An upper estimate of a training's memory: 8 bytes for each byte of each distinct pretoken and
   * 16 more, 256 for each token of the vocabulary, 16 MiB for the rest.
   */
  static long estimateBytes(long distinct, long pretokenBytes, int vocabSize) {
    long rest = 16L << 20;
    return 8 * pretokenBytes + 16 * distinct + 256L * vocabSize + rest;
  }
}
