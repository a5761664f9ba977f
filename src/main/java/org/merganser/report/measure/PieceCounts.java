package org.merganser.report.measure;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.report.RoundedFractions;

/**
 * Counts the pieces of one way of cutting ({@link Granularity}), in a training and a validation
 * part. Each part must have fewer than 2^31 pieces: {@code report.sampleBytes} allows at most 64
 * MiB of text.
 */
final class PieceCounts {
  /** The share of the training part that {@link PieceSums#covering95} covers. */
  private static final double COVERED = 0.95;

  // A count holds two: its lower half is of the training part, its upper half of the validation
  // part.

  private static final long ONE_IN_TRAINING = 1;
  private static final long ONE_IN_VALIDATION = 1L << Integer.SIZE;

  private final PretokenCounts counts = new PretokenCounts();

  /** Counts the piece {@code text[from, to)}. */
  void add(byte[] text, int from, int to, boolean isValidation) {
    counts.add(text, from, to, isValidation ? ONE_IN_VALIDATION : ONE_IN_TRAINING);
  }

  /** The figures of all pieces so far. */
  PieceSums sums() {
    KnownPieces known = new KnownPieces();
    counts.forEachCount(known::add);
    long[] training = known.inTraining.build().sorted().toArray();
    long rare = Arrays.stream(training).filter(count -> count < PieceSums.RARE).count();
    long covered = (long) Math.ceil(COVERED * ofTraining(counts.total()));
    long validation = ofValidation(counts.total());
    return new PieceSums(
        counts.distinct(),
        countOfLargest(training, covered),
        RoundedFractions.ratio(validation - known.inValidation, validation),
        RoundedFractions.ratio(rare, training.length));
  }

  /** The occurrences in the training part, of the two that a count holds. */
  private static long ofTraining(long count) {
    return count % ONE_IN_VALIDATION;
  }

  /** The occurrences in the validation part, of the two that a count holds. */
  private static long ofValidation(long count) {
    return count / ONE_IN_VALIDATION;
  }

  /**
   * How many of the largest counts it takes to have a sum of at least {@code wanted}.
   *
   * @param counts ascending
   * @param wanted at most the sum of all
   */
  private static int countOfLargest(long[] counts, long wanted) {
    long missing = wanted;
    int largest = 0;
    while (missing > 0) {
      largest++;
      missing -= counts[counts.length - largest];
    }
    return largest;
  }

  /** The occurrences of the pieces that the training part has. */
  private static final class KnownPieces {
    /** By piece, its occurrences in the training part. */
    final LongStream.Builder inTraining = LongStream.builder();

    /** The occurrences of all these pieces in the validation part. */
    long inValidation;

    /** Adds a piece by its count, if the training part has it. */
    void add(long count) {
      if (ofTraining(count) != 0) {
        inTraining.add(ofTraining(count));
        inValidation += ofValidation(count);
      }
    }
  }
}
