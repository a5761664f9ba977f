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
 * trainer learns. Only sums by group are kept in memory, and each {@link #forEach} reads the files.
 */
final class MixedCounts implements BpeTrainer.CountSource {
  /** The digits of shares and factors after the point. */
  private static final int DIGITS = 6;

  private static final String KEY = "tokenizer.train.mix";

  private final GroupedTables tables;

  /** The groups with text, sorted; the number of a group is its index. */
  private final List<String> names;

  /** The bytes of text of each group, by number. */
  private final long[] bytes;

  /** The weight of each group that the job names. */
  private final SortedMap<String, Double> mix;

  private final GroupScale scale;

  private MixedCounts(
      GroupedTables tables, SortedMap<String, Double> mix, long[] bytes, GroupScale scale) {
    this.tables = tables;
    this.names = tables.names();
    this.mix = mix;
    this.bytes = bytes;
    this.scale = scale;
  }

  /**
   * Reads the counts, to measure the text of each group.
   *
   * @param locations of tables of disjoint pretokens
   * @throws RunException if the mix names a group that no text has, or groups whose shares differ
   *     too much
   */
  static MixedCounts measure(TrainSection train, List<String> locations) {
    SortedMap<String, Double> mix = Objects.requireNonNull(train.mix(), "the job has a mix");
    GroupedTables tables = GroupedTables.open(locations);
    tables.requireGroups(KEY, mix.keySet());
    long[] bytes = tables.sumBytes();
    return new MixedCounts(tables, mix, bytes, scale(tables.names(), mix, bytes));
  }

  /** The scale from counts of groups to mixed counts. */
  private static GroupScale scale(List<String> names, SortedMap<String, Double> mix, long[] bytes) {
    BigDecimal[] weights =
        names.stream().map(group -> weight(group, mix)).toArray(BigDecimal[]::new);
    try {
      return new GroupScale(weights, bytes);
    } catch (ArithmeticException e) {
      throw RunException.wrong("%s: the shares differ too much: %s", KEY, e.getMessage())
          .causedBy(e);
    }
  }

  /** The weight of a group in the mix; 0 if the mix does not name it. */
  private static BigDecimal weight(String group, SortedMap<String, Double> mix) {
    return BigDecimal.valueOf(mix.getOrDefault(group, 0.0)).stripTrailingZeros();
  }

  @Override
  public void forEach(PretokenCounts.Visitor visitor) {
    tables.forEach(scaled(visitor));
  }

  /** A visitor that passes on the mixed count of each pretoken, unless it is 0. */
  private GroupedCounts.Visitor scaled(PretokenCounts.Visitor visitor) {
    return (pretoken, from, to, present, counts, n) -> {
      long count = scale.count(present, counts, n);
      if (count > 0) {
        visitor.visit(pretoken, from, to, count);
      }
    };
  }

  /** The mixed counts of the table at a location, packed. */
  byte[] block(String location) {
    PretokenCounts table = new PretokenCounts();
    tables.forEach(location, scaled(table::add));
    return table.pack(1)[0];
  }

  /**
   * The mixed count of a pair that occurs {@code minFrequency} times in the mixed text.
   *
   * @throws RunException if it exceeds a long
   */
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

  /**
   * The text of each group before and after the mix.
   *
   * @param minFrequency as in the job
   */
  TrainingGroups groups(long minFrequency) {
    BigDecimal allBytes = BigDecimal.ZERO;
    BigDecimal allMixed = BigDecimal.ZERO;
    for (int group = 0; group < bytes.length; group++) {
      allBytes = allBytes.add(BigDecimal.valueOf(bytes[group]));
      allMixed = allMixed.add(mixedBytes(group));
    }
    List<TrainingGroups.Row> rows = new ArrayList<>();
    for (int group = 0; group < bytes.length; group++) {
      String name = names.get(group);
      rows.add(
          new TrainingGroups.Row(
              name,
              bytes[group],
              share(BigDecimal.valueOf(bytes[group]), allBytes),
              weight(name, mix).toPlainString(),
              scale.factor(group).setScale(DIGITS, RoundingMode.HALF_EVEN),
              share(mixedBytes(group), allMixed)));
    }
    return new TrainingGroups(rows, scale.multiple(), leastPairCount(minFrequency));
  }

  /** The bytes of a group, each times the factor of the group. */
  private BigDecimal mixedBytes(int group) {
    return BigDecimal.valueOf(bytes[group]).multiply(scale.factor(group));
  }

  private static BigDecimal share(BigDecimal part, BigDecimal all) {
    return part.divide(all, DIGITS, RoundingMode.HALF_EVEN);
  }
}
