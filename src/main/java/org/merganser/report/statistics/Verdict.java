package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.merganser.message.Phrase;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.Statistics.Check;

/**
 * Judges the figures of a run by fixed thresholds, and decides the order of the checks: text that
 * is lost or changed ({@link TextChecks}), unusual documents ({@link DocumentChecks}), the cost of
 * text ({@code even-use} and {@code fair-groups}, here), and the vocabulary ({@link
 * VocabularyChecks}). Failed checks come first, and are in the same order.
 */
final class Verdict {
  /** The minimum of {@link VocabularyUse#renyiEfficiency}. */
  private static final BigDecimal LEAST_RENYI = new BigDecimal("0.3");

  /** The limit of the cost of a byte of the most expensive group, divided by the average cost. */
  private static final BigDecimal MOST_COST_RATIO = new BigDecimal(2);

  /** A group with a smaller share of the text is not judged. */
  private static final double LEAST_SHARE_OF_GROUP = 0.01;

  private Verdict() {}

  /**
   * The checks of a run.
   *
   * @param counted the counts of the run
   * @param bytes of its tokens
   * @param vocabulary the composition of its vocabulary
   * @param use how the corpus uses the vocabulary
   * @param groups the most expensive first
   */
  static List<Check> of(
      StatisticsMaker.Counted counted,
      TokenBytes bytes,
      VocabularyFigures vocabulary,
      VocabularyUse use,
      List<Statistics.GroupRow> groups) {
    CheckList checks = new CheckList();
    new TextChecks(counted, bytes, checks).add();
    new DocumentChecks(counted.unusual(), counted.lengths().all().documents(), checks).add();
    addEvenUse(use, checks);
    addFairGroups(groups, counted.totals().textBytes(), checks);
    new VocabularyChecks(counted, bytes, vocabulary, use, checks).add();
    return checks.failedFirst();
  }

  /** Checks that the tokens are used about equally often. */
  private static void addEvenUse(VocabularyUse use, CheckList checks) {
    BigDecimal renyi = use.renyiEfficiency();
    if (renyi != null) {
      String found = Phrase.of("Rényi efficiency %.3f", renyi);
      String advice = "a few tokens make up most of the text: look at the most frequent ones";
      checks.addAtLeast("even-use", renyi, LEAST_RENYI, found, advice);
    }
  }

  /** Checks that no group with enough text pays much more than the average. */
  private static void addFairGroups(
      List<Statistics.GroupRow> groups, long textBytes, CheckList checks) {
    double leastBytes = LEAST_SHARE_OF_GROUP * textBytes;
    List<Statistics.GroupRow> judged =
        groups.stream().filter(group -> group.bytes() >= leastBytes).toList();
    if (judged.size() > 1) {
      Statistics.GroupRow mostExpensive = judged.get(0);
      checks.addAtMost(
          "fair-groups",
          mostExpensive.costRatio(),
          MOST_COST_RATIO,
          Phrase.of(
              "%s pays %.2f times the average for a byte, of groups with at least %.0f %% of the"
                  + " text",
              mostExpensive.group(),
              RoundedFractions.asDouble(mostExpensive.costRatio()),
              100 * LEAST_SHARE_OF_GROUP),
          "more text of that group in training, or a larger vocabulary");
    }
  }
}
