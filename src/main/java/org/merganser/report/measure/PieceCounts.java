package org.merganser.report.measure;

import java.util.Arrays;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.report.RoundedFractions;

/** Counts the pieces of one way of cutting, in a training and a validation part. */
final class PieceCounts {
  private static final double MOST = 0.95;

  private final PretokenCounts pieces = new PretokenCounts();
  private long[] training = new long[1 << 10];
  private long[] validation = new long[1 << 10];
  private final int[] end = new int[1];
  private final int[] number = new int[1];

  /** Counts {@code text[from, to)}. */
  void add(byte[] text, int from, int to, boolean isValidation) {
    end[0] = to;
    pieces.number(text, from, end, 1, true, number);
    if (number[0] >= training.length) {
      training = Arrays.copyOf(training, 2 * training.length);
      validation = Arrays.copyOf(validation, training.length);
    }
    (isValidation ? validation : training)[number[0]]++;
  }

  PieceSums sums() {
    int distinct = pieces.distinct();
    long unknown = 0;
    for (int i = 0; i < distinct; i++) {
      unknown += training[i] == 0 ? validation[i] : 0;
    }
    long[] counts = Arrays.stream(training).filter(count -> count > 0).sorted().toArray();
    long rare = Arrays.stream(counts).filter(count -> count < PieceSums.RARE).count();
    long left = (long) Math.ceil(MOST * Arrays.stream(counts).sum());
    int covering = 0;
    while (left > 0) {
      covering++;
      left -= counts[counts.length - covering];
    }
    return new PieceSums(
        distinct,
        covering,
        RoundedFractions.ratio(unknown, Arrays.stream(validation).sum()),
        RoundedFractions.ratio(rare, counts.length));
  }
}
