package org.merganser.report.measure;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.report.RoundedFractions;

/**
 * Counts the pieces of one way of cutting ({@link Granularity}), in a training and a validation
 * part. Each part must have fewer than 2^31 pieces: {@code report.sampleBytes} allows 64 MiB.
 */
final class PieceCounts {
  /** The share of the training part that {@link PieceSums#covering95} covers. */
  private static final double COVERED = 0.95;

  /** The lower half of a count is of the training part, the upper half of the validation part. */
  private static final int VALIDATION_SHIFT = 32;

  private final PretokenCounts counts = new PretokenCounts();

  /** Counts the piece {@code text[from, to)}. */
  void add(byte[] text, int from, int to, boolean isValidation) {
    counts.add(text, from, to, isValidation ? 1L << VALIDATION_SHIFT : 1);
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
    return count & 0xFFFF_FFFFL;
  }

  /** The occurrences in the validation part, of the two that a count holds. */
  private static long ofValidation(long count) {
    return count >>> VALIDATION_SHIFT;
  }

  /**
   * How many of the largest counts it takes to have a sum of at least {@code wanted}.
   *
   * @param counts ascending
   */
  private static int countOfLargest(long[] counts, long wanted) {
    long left = wanted;
    int largest = 0;
    while (left > 0) {
      largest++;
      left -= counts[counts.length - largest];
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
