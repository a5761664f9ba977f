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
   * @param tokenizer that encoded the documents
   * @param tokenizerSha256 of its tokenizer.json
   * @param totals the sums over all records
   * @param histogram of the ids of the training documents
   * @param grouped whether the job names a group field
   * @param groups the counts of the training documents by group
   * @param lengths of the training documents
   * @param unusual the training documents that a person should look at
   * @param sample of the text that was measured
   * @param measured the sums over the measured texts
   * @param pieces the vocabularies of the ways of cutting; empty if they were not counted
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
    IdHistogram histogram = counted.histogram();
    MergeSteps steps = new MergeSteps(tokenizer.model());
    TokenBytes bytes = new TokenBytes(tokenizer);
    VocabularyFigures vocabulary =
        VocabularyFigures.of(tokenizer, histogram, new UnusedTokens(tokenizer, steps), bytes);
    VocabularyUse use = VocabularyUse.of(histogram, bytes);
    long textBytes = counted.totals().textBytes();
    List<SizeCurve.Point> sizes =
        SizeCurve.of(tokenizer.model(), steps, histogram, vocabulary.size(), textBytes);
    List<Statistics.GroupRow> groups = groups(counted);
    List<Statistics.Check> verdict = Verdict.of(counted, bytes, vocabulary, use, groups);
    return statistics(counted, vocabulary, use, sizes, groups, verdict);
  }

  /**
   * Puts the figures of a run together, with those that are quotients of counts.
   *
   * @param vocabulary the composition of the vocabulary
   * @param use how the corpus uses it
   * @param sizes the curve of smaller vocabularies
   * @param groups the most expensive first
   */
  private static Statistics statistics(
      Counted counted,
      VocabularyFigures vocabulary,
      VocabularyUse use,
      List<SizeCurve.Point> sizes,
      List<Statistics.GroupRow> groups,
      List<Statistics.Check> verdict) {
    RecordSums totals = counted.totals();
    WordSums words = counted.measured().words();
    BigDecimal bytesPerToken = RoundedFractions.ratio(totals.textBytes(), totals.tokens());
    long sampledOneIn = 1L << counted.sample().halvings();
    BigDecimal tokensPerWord = RoundedFractions.ratio(words.tokens(), words.words());
    BigDecimal wholeWords = RoundedFractions.ratio(words.whole(), words.words());
    List<Statistics.ScriptRow> scripts = scripts(counted.measured());
    return new Statistics(
        Statistics.SCHEMA_VERSION,
        counted.tokenizerSha256(),
        totals.documents(),
        totals.textBytes(),
        totals.tokens(),
        totals.lossTokens(),
        begun(counted),
        ended(counted),
        totals.deadLetters(),
        bytesPerToken,
        sampledOneIn,
        tokensPerWord,
        wholeWords,
        use,
        vocabulary,
        counted.measured(),
        sizes,
        groups,
        counted.lengths(),
        counted.unusual(),
        groupGini(groups),
        scripts,
        scriptGini(scripts),
        granularities(counted, vocabulary, use),
        counted.comparison(),
        verdict);
  }

  /** The documents that begin with the token of the job; null if the job has none. */
  private static Statistics.@Nullable Mark begun(Counted counted) {
    DocumentMarks marks = counted.totals().marks();
    return marks == null ? null : mark(marks.begin(), marks.begun(), counted);
  }

  /** The documents that end with the token of the job; null if the job has none. */
  private static Statistics.@Nullable Mark ended(Counted counted) {
    DocumentMarks marks = counted.totals().marks();
    return marks == null ? null : mark(marks.end(), marks.ended(), counted);
  }

  /**
   * The number and share of the documents that begin, or end, with a token.
   *
   * @param id of the token; null if the job has none
   * @param documents the number of documents with it
   * @return null if the job has no such token
   */
  private static Statistics.@Nullable Mark mark(
      @Nullable Integer id, long documents, Counted counted) {
    if (id == null) {
      return null;
    }
    return new Statistics.Mark(
        id,
        String.valueOf(counted.tokenizer().token(id)),
        documents,
        RoundedFractions.ratio(documents, counted.totals().documents()));
  }

  /** The Gini coefficient of the tokens per byte of groups with text. */
  private static @Nullable BigDecimal groupGini(List<Statistics.GroupRow> groups) {
    return RoundedFractions.gini(
        groups.stream()
            .filter(group -> group.bytes() > 0)
            .mapToDouble(group -> (double) group.tokens() / group.bytes()));
  }

  /** The Gini coefficient of the tokens per byte of scripts with text. */
  private static @Nullable BigDecimal scriptGini(List<Statistics.ScriptRow> scripts) {
    return RoundedFractions.gini(
        scripts.stream()
            .filter(script -> script.bytes() > 0)
            .mapToDouble(script -> (double) script.tokens() / script.bytes()));
  }

  /** The cost of each way of cutting; empty if they were not counted. */
  private static List<GranularityCost> granularities(
      Counted counted, VocabularyFigures vocabulary, VocabularyUse use) {
    if (counted.pieces().isEmpty()) {
      return List.of();
    }
    boolean hasAllBytes = counted.tokenizer().missingBytes().length == 0;
    return GranularityCost.of(counted.measured(), counted.pieces(), vocabulary, use, hasAllBytes);
  }

  /** The groups, the most expensive first. */
  private static List<Statistics.GroupRow> groups(Counted counted) {
    RecordSums totals = counted.totals();
    SortedMap<String, GroupCounts> groups =
        counted.grouped()
            ? GroupCounts.withOthers(counted.groups(), totals.training())
            : counted.groups();
    List<Statistics.GroupRow> rows = new ArrayList<>();
    groups.forEach((name, counts) -> rows.add(groupRow(name, counts, counted)));
    rows.sort(
        Comparator.comparing(
                Statistics.GroupRow::costRatio, // unknown for a group without text
                Comparator.nullsLast(Comparator.<BigDecimal>reverseOrder()))
            .thenComparing(Statistics.GroupRow::group));
    return rows;
  }

  private static Statistics.GroupRow groupRow(String name, GroupCounts counts, Counted counted) {
    RecordSums totals = counted.totals();
    WordSums words = counted.measured().byGroup().getOrDefault(name, WordSums.ZERO);
    double cost = (double) counts.tokens() / counts.bytes();
    double averageCost = (double) totals.tokens() / totals.textBytes();
    return new Statistics.GroupRow(
        name,
        counts.documents(),
        counts.bytes(),
        counts.tokens(),
        RoundedFractions.ratio(counts.bytes(), counts.tokens()),
        RoundedFractions.ratio(words.tokens(), words.words()),
        RoundedFractions.of(cost / averageCost));
  }

  /** The scripts, those with the most bytes first. */
  private static List<Statistics.ScriptRow> scripts(TextSums measured) {
    List<Statistics.ScriptRow> rows = new ArrayList<>();
    measured.byScript().forEach((script, sums) -> rows.add(scriptRow(script, sums)));
    rows.sort(
        Comparator.comparingLong(Statistics.ScriptRow::bytes)
            .reversed()
            .thenComparing(Statistics.ScriptRow::script));
    return rows;
  }

  private static Statistics.ScriptRow scriptRow(String script, TextSums.ScriptSums sums) {
    WordSums words = sums.words();
    return new Statistics.ScriptRow(
        script,
        words.words(),
        sums.bytes(),
        sums.tokens(),
        RoundedFractions.ratio(sums.bytes(), sums.tokens()),
        RoundedFractions.ratio(words.tokens(), words.words()));
  }
}
