package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.RecordSums;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Granularity;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TextSample;
import org.merganser.report.measure.TextSums;
import org.merganser.report.measure.TextSums.WordSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;

/** Computes {@link Statistics} from the counts and measurements of units. */
public final class StatisticsMaker {
  private StatisticsMaker() {}

  /**
   * The counts of a run.
   *
   * @param histogram of the ids of the training documents
   * @param grouped whether the job names a group field
   * @param measured the sums over the measured texts
   * @param pieces empty if not counted
   * @param comparison with the job's reference tokenizers; null without any
   * @param deduplicated whether the job leaves out documents with the same text
   * @param loaded whether the vocabulary was loaded, so that nobody chose its size for this corpus
   */
  public record Counted(
      Tokenizer tokenizer,
      String tokenizerSha256,
      RecordSums totals,
      IdHistogram histogram,
      boolean grouped,
      SortedMap<String, GroupCounts> groups,
      DocumentLengths lengths,
      UnusualDocuments unusual,
      TextSample sample,
      TextSums measured,
      Map<Granularity, PieceSums> pieces,
      @Nullable VocabularyComparison comparison,
      boolean deduplicated,
      boolean loaded) {}

  /** The figures of a run. */
  public static Statistics make(Counted counted) {
    Tokenizer tokenizer = counted.tokenizer();
    MergeSteps steps = new MergeSteps(tokenizer.model());
    TokenBytes bytes = new TokenBytes(tokenizer);
    RecordSums totals = counted.totals();
    VocabularyFigures vocabulary =
        VocabularyFigures.of(
            tokenizer, counted.histogram(), new UnusedTokens(tokenizer, steps), bytes);
    VocabularyUse use = VocabularyUse.of(counted.histogram(), bytes);
    TextSums measured = counted.measured();
    WordSums words = measured.words();
    DocumentMarks marks = totals.marks();
    Statistics.Mark begun =
        marks == null ? null : mark(marks.begin(), marks.begun(), totals, tokenizer);
    Statistics.Mark ended =
        marks == null ? null : mark(marks.end(), marks.ended(), totals, tokenizer);
    BigDecimal bytesPerToken = RoundedFractions.ratio(totals.textBytes(), totals.tokens());
    BigDecimal tokensPerWord = RoundedFractions.ratio(words.tokens(), words.words());
    BigDecimal wholeWords = RoundedFractions.ratio(words.whole(), words.words());
    long sampledOneIn = 1L << counted.sample().halvings();
    List<SizeCurve.Point> sizes =
        SizeCurve.of(
            tokenizer.model(), steps, counted.histogram(), vocabulary.size(), totals.textBytes());
    List<Statistics.GroupRow> groups = groups(counted);
    List<Statistics.ScriptRow> scripts = scripts(measured);
    return new Statistics(
        Statistics.SCHEMA_VERSION,
        counted.tokenizerSha256(),
        totals.documents(),
        totals.textBytes(),
        totals.tokens(),
        totals.lossTokens(),
        begun,
        ended,
        totals.deadLetters(),
        bytesPerToken,
        sampledOneIn,
        tokensPerWord,
        wholeWords,
        use,
        vocabulary,
        measured,
        sizes,
        groups,
        counted.lengths(),
        counted.unusual(),
        groupGini(groups),
        scripts,
        scriptGini(scripts),
        granularities(counted, vocabulary, use),
        counted.comparison(),
        Verdict.of(counted, bytes, vocabulary, use, groups));
  }

  private static @Nullable BigDecimal groupGini(List<Statistics.GroupRow> groups) {
    return RoundedFractions.gini(
        groups.stream()
            .filter(group -> group.bytes() > 0)
            .mapToDouble(group -> (double) group.tokens() / group.bytes()));
  }

  private static @Nullable BigDecimal scriptGini(List<Statistics.ScriptRow> scripts) {
    return RoundedFractions.gini(
        scripts.stream()
            .mapToDouble(script -> (double) script.tokens() / script.bytes())
            .filter(Double::isFinite));
  }

  private static List<GranularityCost> granularities(
      Counted counted, VocabularyFigures vocabulary, VocabularyUse use) {
    if (counted.pieces().isEmpty()) {
      return List.of();
    }
    boolean hasAllBytes = counted.tokenizer().missingBytes().length == 0;
    return GranularityCost.of(counted.measured(), counted.pieces(), vocabulary, use, hasAllBytes);
  }

  private static Statistics.@Nullable Mark mark(
      @Nullable Integer id, long documents, RecordSums totals, Tokenizer tokenizer) {
    return id == null
        ? null
        : new Statistics.Mark(
            id,
            String.valueOf(tokenizer.token(id)),
            documents,
            RoundedFractions.ratio(documents, totals.documents()));
  }

  /** The groups, the most expensive first. */
  private static List<Statistics.GroupRow> groups(Counted counted) {
    RecordSums totals = counted.totals();
    SortedMap<String, GroupCounts> groups =
        counted.grouped()
            ? GroupCounts.withOthers(counted.groups(), totals.training())
            : counted.groups();
    List<Statistics.GroupRow> rows = new ArrayList<>();
    double average = (double) totals.tokens() / totals.textBytes();
    groups.forEach(
        (name, counts) -> {
          WordSums words = counted.measured().byGroup().getOrDefault(name, WordSums.ZERO);
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

  /** The scripts, those with the most bytes first. */
  private static List<Statistics.ScriptRow> scripts(TextSums measured) {
    List<Statistics.ScriptRow> rows = new ArrayList<>();
    measured
        .byScript()
        .forEach(
            (script, sums) -> {
              WordSums words = sums.words();
              rows.add(
                  new Statistics.ScriptRow(
                      script,
                      words.words(),
                      sums.bytes(),
                      sums.tokens(),
                      RoundedFractions.ratio(sums.bytes(), sums.tokens()),
                      RoundedFractions.ratio(words.tokens(), words.words())));
            });
    rows.sort(
        Comparator.comparingLong((Statistics.ScriptRow row) -> -row.bytes())
            .thenComparing(Statistics.ScriptRow::script));
    return rows;
  }
}
