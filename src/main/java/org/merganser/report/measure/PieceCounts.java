package org.merganser.report.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.report.RoundedFractions;

/** Counts the pieces of one way of cutting, in a training and a validation part. */
final class PieceCounts {
  private static final double MOST = 0.95;

  private static final List<String> PARTS = List.of("training", "validation");

  private final PretokenCounts training = new PretokenCounts();
  private final PretokenCounts validation = new PretokenCounts();

  void add(byte[] text, int from, int to, boolean isValidation) {
    (isValidation ? validation : training).add(text, from, to, 1);
  }

  PieceSums sums() {
    long[] distinct = new long[1];
    long[] known = new long[1]; // occurrences in validation of pieces that training has
    LongStream.Builder inTraining = LongStream.builder();
    byte[] both =
        GroupedCounts.of(
            new TreeMap<>(
                Map.of(PARTS.get(0), training.pack(1)[0], PARTS.get(1), validation.pack(1)[0])));
    GroupedCounts.forEach(
        both,
        PARTS,
        (bytes, from, to, parts, counts, n) -> {
          distinct[0]++;
          if (parts[0] == 0) {
            inTraining.add(counts[0]);
            known[0] += n == 2 ? counts[1] : 0;
          }
        });
    long[] counts = inTraining.build().sorted().toArray();
    long rare = Arrays.stream(counts).filter(count -> count < PieceSums.RARE).count();
    long left = (long) Math.ceil(MOST * Arrays.stream(counts).sum());
    int covering = 0;
    while (left > 0) {
      covering++;
      left -= counts[counts.length - covering];
    }
    return new PieceSums(
        distinct[0],
        covering,
        RoundedFractions.ratio(validation.total() - known[0], validation.total()),
        RoundedFractions.ratio(rare, counts.length));
  }
}
