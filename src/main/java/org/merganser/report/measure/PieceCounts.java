package org.merganser.report.measure;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.report.RoundedFractions;

/**
 * Counts the pieces of one way of cutting, in a training and a validation part of fewer than 2^31
 * pieces each.
 */
final class PieceCounts {
  private static final double MOST = 0.95;

  /** The lower half of a count is of the training part, the upper half of the validation part. */
  private static final int VALIDATION = 32;

  private static final long MASK = (1L << VALIDATION) - 1;

  private final PretokenCounts counts = new PretokenCounts();

  void add(byte[] text, int from, int to, boolean isValidation) {
    counts.add(text, from, to, isValidation ? 1L << VALIDATION : 1);
  }

  PieceSums sums() {
    LongStream.Builder inTraining = LongStream.builder();
    long[] known = new long[1]; // occurrences in validation of pieces that training has
    counts.forEachCount(
        count -> {
          long ofTraining = count & MASK;
          if (ofTraining != 0) {
            inTraining.add(ofTraining);
            known[0] += count >>> VALIDATION;
          }
        });
    long[] training = inTraining.build().sorted().toArray();
    long rare = Arrays.stream(training).filter(count -> count < PieceSums.RARE).count();
    long left = (long) Math.ceil(MOST * (counts.total() & MASK));
    int covering = 0;
    while (left > 0) {
      covering++;
      left -= training[training.length - covering];
    }
    long validation = counts.total() >>> VALIDATION;
    return new PieceSums(
        counts.distinct(),
        covering,
        RoundedFractions.ratio(validation - known[0], validation),
        RoundedFractions.ratio(rare, training.length));
  }
}
