package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;

/**
 * {@code training-groups.json}, next to tokenizer.json: the share of each group in the text for
 * training a tokenizer, before and after the job's mix. {@code pipeline.train.MixedCounts} computes
 * it.
 *
 * @param rows by group, ascending
 * @param multiple the counts for training divided by those in the mixed text
 * @param leastPairCount the minimum count for training of a merged pair. It is the job's
 *     minFrequency, a count in the mixed text, times {@code multiple}, rounded up
 */
public record TrainingGroups(List<Row> rows, BigDecimal multiple, long leastPairCount) {
  /** The name of the file. */
  public static final String FILE = "training-groups.json";

  /**
   * A group of the text that was counted.
   *
   * @param bytes of its pretokens, each as often as it occurs: of its normalized text without added
   *     tokens
   * @param share of the bytes of all groups
   * @param wanted the weight in the job's mix, as a decimal number; 0 if the mix has no such group
   * @param factor the count of one occurrence of its pretokens in training
   * @param mixedShare of the bytes of all groups, each times its factor
   */
  public record Row(
      String group,
      long bytes,
      BigDecimal share,
      String wanted,
      BigDecimal factor,
      BigDecimal mixedShare) {}
}
