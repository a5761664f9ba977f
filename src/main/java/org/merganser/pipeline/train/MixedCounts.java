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
 * Combined counts by group, converted by {@code tokenizer.train.mix} into the counts from which the
 * trainer learns. Only sums by group are kept in memory; each reading reads the files.
 */
final class MixedCounts implements BpeTrainer.CountSource {
  /** The digits of a share after the point. */
  private static final int DIGITS = 6;

  private final GroupedTables tables;
  private final List<String> names;

  /** The bytes of text of each group, by number. */
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

  /** The scale from counts of groups to mixed counts. */
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

  /** The share of a group in the mix; 0 if the mix does not name it. */
  private BigDecimal weight(String group) {
    return BigDecimal.valueOf(mix.getOrDefault(group, 0.0)).stripTrailingZeros();
  }

  @Override
  public void forEach(PretokenCounts.Visitor visitor) {
    tables.forEach(scaled(visitor));
  }

  /** Passes on the mixed count of each pretoken, unless it is 0. */
  private GroupedCounts.Visitor scaled(PretokenCounts.Visitor visitor) {
    return (pretoken, from, to, present, counts, n) -> {
      long count = scale.count(present, counts, n);
      if (count > 0) {
        visitor.visit(pretoken, from, to, count);
      }
    };
  }

  /** The mixed counts of one table, packed. */
  byte[] block(String location) {
    PretokenCounts table = new PretokenCounts();
    tables.forEach(location, scaled(table::add));
    return table.pack(1)[0];
  }

  /** The mixed count of a pair that occurs {@code minFrequency} times in the mixed text. */
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

  /** The text of each group before and after the mix. */
  TrainingGroups shares(long minFrequency) {
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal mixed = BigDecimal.ZERO;
    for (int g = 0; g < bytes.length; g++) {
      BigDecimal own = BigDecimal.valueOf(bytes[g]);
      all = all.add(own);
      mixed = mixed.add(own.multiply(scale.factor(g)));
    }
    List<TrainingGroups.Row> rows = new ArrayList<>();
    for (int g = 0; g < bytes.length; g++) {
      BigDecimal own = BigDecimal.valueOf(bytes[g]);
      rows.add(
          new TrainingGroups.Row(
              names.get(g),
              bytes[g],
              rounded(own.divide(all, DIGITS, RoundingMode.HALF_EVEN)),
              weight(names.get(g)).toPlainString(),
              rounded(scale.factor(g)),
              rounded(
                  own.multiply(scale.factor(g)).divide(mixed, DIGITS, RoundingMode.HALF_EVEN))));
    }
    return new TrainingGroups(rows, scale.multiple(), leastPairCount(minFrequency));
  }

  private static BigDecimal rounded(BigDecimal value) {
    return value.setScale(DIGITS, RoundingMode.HALF_EVEN);
  }
}
