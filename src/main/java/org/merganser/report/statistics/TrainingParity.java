package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.parity.ParityTrainer;
import org.merganser.report.RoundedFractions;

/**
 * {@code training-parity.json}, next to tokenizer.json: the figures of each group for a vocabulary
 * that was learned for parity.
 *
 * @param rows by group, ascending
 * @param globalMerges the number of merges that all groups together chose
 * @param gini the Gini coefficient of the groups' tokens per byte; null if a group has no bytes
 */
public record TrainingParity(List<Row> rows, long globalMerges, @Nullable BigDecimal gini) {
  /** The name of the file. */
  public static final String FILE = "training-parity.json";

  /**
   * A group of the text for training.
   *
   * @param bytes of its pretokens, each as often as it occurs
   * @param tokens of these pretokens after training
   * @param merges the number of merges chosen for the group; all groups can use them
   */
  public record Row(
      String group, long bytes, long tokens, @Nullable BigDecimal bytesPerToken, long merges) {}

  /**
   * The figures of a training.
   *
   * @param groups the names of the groups, in the order of their numbers in the training
   * @param training has the figures by number; after those of the groups, {@code mergesByGroup} has
   *     the number of global merges
   */
  public static TrainingParity of(List<String> groups, ParityTrainer.Result training) {
    long[] bytes = training.bytes();
    long[] tokens = training.tokens();
    long[] merges = training.mergesByGroup();
    List<Row> rows = new ArrayList<>();
    DoubleStream.Builder costs = DoubleStream.builder();
    for (int g = 0; g < groups.size(); g++) {
      rows.add(
          new Row(
              groups.get(g),
              bytes[g],
              tokens[g],
              RoundedFractions.ratio(bytes[g], tokens[g]),
              merges[g]));
      costs.add((double) tokens[g] / bytes[g]);
    }
    long globalMerges = merges[groups.size()];
    return new TrainingParity(rows, globalMerges, RoundedFractions.gini(costs.build()));
  }
}
