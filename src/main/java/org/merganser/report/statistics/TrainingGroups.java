package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.merganser.json.Json;

/**
 * {@code training-groups.json}: how the text that a tokenizer was learned from was shared among
 * groups, before and after the job's mix. It lies beside tokenizer.json.
 *
 * @param rows by group, ascending
 * @param multiple how many times larger than the mixed text the counts are that were learned from
 * @param leastPairCount the least of these counts of a pair that was merged: the job's
 *     minFrequency, which speaks of the mixed text
 */
public record TrainingGroups(List<Row> rows, BigDecimal multiple, long leastPairCount) {
  public static final String FILE = "training-groups.json";

  /**
   * A group of the text that was counted.
   *
   * @param bytes of its pretokens, each as often as it occurs: of its text once it is normalized,
   *     without added tokens
   * @param share of the bytes of all groups
   * @param wanted the weight or quota of the job's mix; 0 where it names none
   * @param factor how often an occurrence counts
   * @param mixedShare of the bytes of all groups, each times its factor
   */
  public record Row(
      String group,
      long bytes,
      BigDecimal share,
      String wanted,
      BigDecimal factor,
      BigDecimal mixedShare) {}

  public byte[] toJson() {
    return Json.file(this);
  }
}
