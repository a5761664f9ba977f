package org.merganser.report.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.Totals;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Granularity;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TextSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.measure.WordSums;
import org.merganser.tokenizer.Tokenizer;

/** Makes {@link Statistics} from what units counted and measured. */
public final class StatisticsMaker {
  private StatisticsMaker() {}

  /**
   * What a run counted.
   *
   * @param histogram of the ids of the training documents
   * @param measured of their text, or of a sample of it; null where none was
   * @param pieces empty where they weren't counted
   */
  public record Counted(
      Tokenizer tokenizer,
      String tokenizerSha256,
      Totals totals,
      IdHistogram histogram,
      SortedMap<String, GroupCounts> groups,
      @Nullable TextSums measured,
      Map<Granularity, PieceSums> pieces,
      @Nullable Comparison comparison) {}

  public static Statistics make(Counted counted) {
    Tokenizer tokenizer = counted.tokenizer();
    MergeSteps steps = new MergeSteps(tokenizer.model());
    TokenBytes bytes = new TokenBytes(tokenizer);
    Totals totals = counted.totals();
    VocabularyFigures vocabulary =
        VocabularyAnalysis.of(tokenizer, counted.histogram(), steps, bytes);
    VocabularyUse use = VocabularyUse.of(counted.histogram(), vocabulary.size());
    int rare = rare(tokenizer, counted.histogram());
    TextSums measured = counted.measured();
    List<Statistics.GroupRow> groups = groups(counted.groups(), measured, totals);
    List<Statistics.ScriptRow> scripts = scripts(measured);
    WordSums words = measured == null ? WordSums.ZERO : measured.words();
    boolean hasAllBytes = tokenizer.missingBytes().length == 0;
    return new Statistics(
        Statistics.SCHEMA,
        counted.tokenizerSha256(),
        totals.documents(),
        totals.textBytes(),
        totals.tokens(),
        totals.deadLetters(),
        RoundedFractions.ratio(totals.textBytes(), totals.tokens()),
        measured == null ? null : RoundedFractions.ratio(measured.characters(), measured.tokens()),
        RoundedFractions.ratio(words.tokens(), words.words()),
        RoundedFractions.ratio(words.whole(), words.words()),
        RoundedFractions.ratio(words.words() - words.whole(), words.words()),
        use,
        vocabulary,
        measured,
        SizeCurve.of(
            tokenizer.model(), steps, counted.histogram(), vocabulary.size(), totals.textBytes()),
        groups,
        RoundedFractions.of(
            Inequality.gini(
                groups.stream()
                    .filter(g -> g.bytes() > 0)
                    .mapToDouble(g -> (double) g.tokens() / g.bytes())
                    .toArray())),
        scripts,
        RoundedFractions.of(
            Inequality.gini(
                scripts.stream().mapToDouble(s -> (double) s.tokens() / s.bytes()).toArray())),
        measured == null || counted.pieces().isEmpty()
            ? List.of()
            : GranularityCost.of(measured, counted.pieces(), vocabulary, rare, hasAllBytes),
        counted.comparison(),
        Verdict.of(
            new Verdict.Facts(
                totals.documents(),
                totals.textBytes(),
                totals.tokens(),
                joined(counted.histogram(), bytes),
                tokenizer.byteLevel() && tokenizer.normalizer() == null,
                tokenizer.missingBytes().length,
                totals.deadLetters(),
                measured,
                vocabulary,
                use,
                rare,
                groups)));
  }

  private static int rare(Tokenizer tokenizer, IdHistogram histogram) {
    return (int)
        VocabularyAnalysis.idsOf(tokenizer)
            .filter(id -> histogram.count(id) < PieceSums.RARE)
            .count();
  }

  /** What all tokens of text stand for together. */
  private static long joined(IdHistogram histogram, TokenBytes bytes) {
    long sum = 0;
    for (int id = 0; id < histogram.bound(); id++) {
      if (histogram.count(id) > 0 && !bytes.isSpecial(id)) {
        long all = Math.multiplyExact(histogram.count(id), (long) bytes.length(id));
        sum = Math.addExact(sum, all);
      }
    }
    return sum;
  }

  private static List<Statistics.GroupRow> groups(
      SortedMap<String, GroupCounts> groups, @Nullable TextSums measured, Totals totals) {
    List<Statistics.GroupRow> rows = new ArrayList<>();
    double average = (double) totals.tokens() / totals.textBytes();
    groups.forEach(
        (name, counts) -> {
          WordSums words =
              measured == null
                  ? WordSums.ZERO
                  : measured.byGroup().getOrDefault(name, WordSums.ZERO);
          rows.add(
              new Statistics.GroupRow(
                  name,
                  counts.documents(),
                  counts.bytes(),
                  counts.tokens(),
                  RoundedFractions.ratio(counts.bytes(), counts.tokens()),
                  RoundedFractions.ratio(words.tokens(), words.words()),
                  RoundedFractions.of((double) counts.tokens() / counts.bytes() / average)));
        });
    rows.sort(
        Comparator.comparingDouble(
                (Statistics.GroupRow row) ->
                    row.costRatio() == null ? 0 : -row.costRatio().doubleValue())
            .thenComparing(Statistics.GroupRow::group));
    return rows;
  }

  private static List<Statistics.ScriptRow> scripts(@Nullable TextSums measured) {
    List<Statistics.ScriptRow> rows = new ArrayList<>();
    if (measured != null) {
      measured
          .byScript()
          .forEach(
              (script, words) ->
                  rows.add(
                      new Statistics.ScriptRow(
                          script,
                          words.words(),
                          words.bytes(),
                          words.tokens(),
                          RoundedFractions.ratio(words.bytes(), words.tokens()),
                          RoundedFractions.ratio(words.tokens(), words.words()))));
    }
    rows.sort(
        Comparator.comparingLong((Statistics.ScriptRow row) -> -row.bytes())
            .thenComparing(Statistics.ScriptRow::script));
    return rows;
  }
}
