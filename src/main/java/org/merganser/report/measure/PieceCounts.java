package org.merganser.report.measure;

import java.util.Arrays;
import java.util.TreeMap;
import org.merganser.bpe.count.PretokenCounts;

/** Counts the pieces of one way of cutting, in a training and a validation part. */
final class PieceCounts {
  private final PretokenCounts pieces = new PretokenCounts();
  private long[] training = new long[1 << 10];
  private long[] validation = new long[1 << 10];
  private final int[] end = new int[1];
  private final int[] number = new int[1];

  /** Counts {@code text[from, to)} some times more. */
  void add(byte[] text, int from, int to, boolean isValidation, long times) {
    end[0] = to;
    pieces.number(text, from, end, 1, true, number);
    if (number[0] >= training.length) {
      training = Arrays.copyOf(training, 2 * training.length);
      validation = Arrays.copyOf(validation, training.length);
    }
    (isValidation ? validation : training)[number[0]] += times;
  }

  PieceSums sums() {
    int distinct = pieces.distinct();
    long unknown = 0;
    TreeMap<Long, Long> byCount = new TreeMap<>();
    for (int i = 0; i < distinct; i++) {
      if (training[i] == 0) {
        unknown += validation[i];
      } else {
        byCount.merge(training[i], 1L, Long::sum);
      }
    }
    return new PieceSums(
        distinct, Arrays.stream(training).sum(), Arrays.stream(validation).sum(), unknown, byCount);
  }
}
