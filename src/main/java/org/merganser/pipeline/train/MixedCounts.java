package org.merganser.pipeline.train;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.merganser.bpe.count.GroupScale;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.RunException;
import org.merganser.report.statistics.TrainingGroups;

/**
 * Merged counts by group, converted by {@code tokenizer.train.mix} into the counts from which the
 * trainer learns. Only sums by group are kept in memory; each reading reads the files.
 */
final class MixedCounts implements BpeTrainer.CountSource {
  private final GroupedTables tables;
  private final List<String> names;
  private final long[] bytes;
  private final SortedMap<String, Double> mix;
  private final GroupScale scale;

  /**
   * Reads the counts once, to measure the text of each group.
   *
   * @throws RunException if the mix names a group that no text has, or groups whose shares differ
   *     too much
   */
  MixedCounts(TrainSection train, List<String> locations) {
    this.mix = Objects.requireNonNull(train.mix(), "the job has a mix");
    this.tables = new GroupedTables(locations);
    this.names = tables.names();
    tables.requireGroups("tokenizer.train.mix", mix.keySet());
    this.bytes = tables.bytes();
    this.scale = scale();
  }

  private GroupScale scale() {
    try {
      return new GroupScale(names.stream().map(this::weight).toArray(BigDecimal[]::new), bytes);
    } catch (ArithmeticException e) {
      throw new RunException(
              RunException.Kind.WRONG_JOB,
              "tokenizer.train.mix: the shares differ too much: " + e.getMessage())
          .causedBy(e);
    }
  }

  /** 0 if the mix does not name it. */
  private BigDecimal weight(String group) {
    return BigDecimal.valueOf(mix.getOrDefault(group, 0.0)).stripTrailingZeros();
  }

  @Override
  public void forEach(PretokenCounts.Visitor visitor) {
    tables.forEach(scaled(visitor));
  }

  private GroupedCounts.Visitor scaled(PretokenCounts.Visitor visitor) {
    return (pretoken, from, to, present, counts, n) -> {
      long count = scale.count(present, counts, n);
      if (count > 0) {
        visitor.visit(pretoken, from, to, count);
      }
    };
  }

  byte[] block(String location) {
    PretokenCounts table = new PretokenCounts();
    tables.forEach(location, scaled(table::add));
    return table.pack(1)[0];
  }

  long leastPairCount(long minFrequency) {
    try {
      return scale.scaledMinimum(minFrequency);
    } catch (ArithmeticException e) {
      throw RunException.wrong(
              "tokenizer.train.minFrequency: %s times in the mixed text is more than counts can be",
              minFrequency)
          .causedBy(e);
    }
  }

  TrainingGroups shares(long minFrequency) {
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal mixed = BigDecimal.ZERO;
    for (int g = 0; g < bytes.length; g++) {
      all = all.add(BigDecimal.valueOf(bytes[g]));
      mixed = mixed.add(BigDecimal.valueOf(bytes[g]).multiply(scale.factor(g)));
    }
    List<TrainingGroups.Row> rows = new ArrayList<>();
    for (int g = 0; g < bytes.length; g++) {
      BigDecimal own = BigDecimal.valueOf(bytes[g]);
      rows.add(
          new TrainingGroups.Row(
              names.get(g),
              bytes[g],
              rounded(own.divide(all, 6, RoundingMode.HALF_EVEN)),
              weight(names.get(g)).toPlainString(),
              rounded(scale.factor(g)),
              rounded(own.multiply(scale.factor(g)).divide(mixed, 6, RoundingMode.HALF_EVEN))));
    }
    return new TrainingGroups(rows, scale.multiple(), leastPairCount(minFrequency));
  }

  private static BigDecimal rounded(BigDecimal value) {
    return value.setScale(6, RoundingMode.HALF_EVEN);
  }
}
