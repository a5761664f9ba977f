package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.figures.GroupCounts;
import org.merganser.report.page.ComparisonPage;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code compare}: figures of several tokenizers on the same texts. */
@Command(
    name = "compare",
    description =
        "Compare tokenizers on the same texts. The figures are rows, bytes per token and token "
            + "cost by group. --json and --html also show how each other tokenizer differs "
            + "from the first: tokens that only one has, and kinds of text.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} compare sample=target/sample tutorial=target/tutorial \\
                   --input sample-data/corpus --group-by lang --html target/compared.html
        """)
public final class CompareCommand extends FiguresCommand {
  @Parameters(
      arity = "1..*",
      converter = FileArgument.NamedTokenizer.class,
      paramLabel = "[NAME=]TOKENIZER",
      description =
          "A tokenizer.json, a folder with one, or a run's output folder; the result "
              + "has NAME, or the path without one.")
  private List<FileArgument.Named> files = new ArrayList<>();

  @Mixin private CorpusOptions input = new CorpusOptions();

  @Option(names = "--group-by", paramLabel = "FIELD", description = "${bundle:key.shards.groupBy}")
  private @Nullable String groupBy;

  @Option(
      names = "--dim",
      paramLabel = "N",
      description =
          "Also show the number of parameters of an embedding table with N floats in a row.")
  private @Nullable Integer dim;

  @Option(
      names = "--html",
      converter = FileArgument.Location.class,
      paramLabel = "FILE",
      description = "Write a page.")
  private @Nullable String html;

  @Override
  public Integer call() throws IOException {
    checkOptions();
    List<NamedTokenizer> tokenizers = new ArrayList<>();
    for (FileArgument.Named named : files) {
      tokenizers.add(NamedTokenizer.read(WholeFile.read(named.file()), named.name()));
    }
    boolean grouped = groupBy != null;
    MeasuredTexts texts = new MeasuredTexts(tokenizers, grouped);
    input.readDocuments(texts, groupBy);
    VocabularyComparison compared = texts.meter.result(dim);
    if (json) {
      ObjectNode result = Json.MAPPER.valueToTree(compared);
      printJson(result.put("leftOut", texts.leftOut));
    } else {
      print(compared, texts.leftOut);
    }
    if (html != null) {
      FileStore.publish(html, ComparisonPage.of(compared, tokenizers));
    }
    return ExitCode.DONE.code();
  }

  /** Refuses missing arguments, wrong values, and a page in the place of something else. */
  private void checkOptions() throws IOException {
    if (!input.isGiven()) {
      throw wrongUsage("--input is missing: the texts on which tokenizers are compared");
    }
    if (files.size() < 2) {
      throw wrongUsage("a tokenizer is missing: compare takes two or more");
    }
    if (dim != null && dim < 1) {
      throw wrongUsage("--dim " + dim + ": must be at least 1");
    }
    if (html != null) {
      new WrittenPath("--html", html)
          .requireOutsideOfOutputs()
          .requireApartFrom(files.stream().map(FileArgument.Named::file).toList())
          .requireApartFrom(input.corpusSettings(groupBy))
          .requireReplaceable(
              new WrittenPath.Kind("a page that compare wrote", ComparisonPage::isPage));
    }
  }

  /**
   * Prints the figures for a person.
   *
   * @param leftOut the records that are in no figure
   */
  private void print(VocabularyComparison compared, long leftOut) {
    PrintWriter out = out();
    List<VocabularyComparison.Row> rows = compared.vocabularies();
    for (int i = 0; i < rows.size(); i++) {
      out.printf("%-2s %s%n", letter(i), TerminalText.line(rows.get(i).name()));
    }
    VocabularyComparison.Texts texts = compared.texts();
    out.printf(
        "%n%s, %s%n", Plural.of(texts.documents(), "text"), Plural.of(texts.bytes(), "byte"));
    if (leftOut > 0) {
      out.printf(
          "left out %s: no text, or one of the tokenizers cannot encode it%n",
          Plural.of(leftOut, "record"));
    }
    out.println();
    printFigures(compared);
    if (!texts.groups().isEmpty()) {
      printGroups(texts.groups(), rows);
      printSmallGroups(texts.groups());
    }
  }

  /** Prints a row of figures for each tokenizer. */
  private void printFigures(VocabularyComparison compared) {
    printRow(
        "",
        "rows",
        "tokens",
        "B/token",
        "worst",
        "group",
        "Gini",
        "tok/w",
        "Renyi",
        "rare",
        compared.dim() == null ? "" : "parameters",
        "Pareto");
    List<VocabularyComparison.Row> rows = compared.vocabularies();
    for (int i = 0; i < rows.size(); i++) {
      MeasuredVocabulary figures = rows.get(i).figures();
      String worst = figures.worstGroup();
      printRow(
          letter(i),
          number(figures.rows()),
          number(figures.tokens()),
          fraction(figures.bytesPerToken()),
          worst == null ? "-" : fraction(figures.worstBytesPerToken()),
          worst == null ? "" : TerminalText.line(worst),
          fraction(figures.gini()),
          fraction(figures.fertility()),
          fraction(figures.renyiEfficiency()),
          percent(figures.rareShare()),
          number(rows.get(i).embeddingParameters()),
          rows.get(i).best() ? "yes" : "");
    }
  }

  /** Prints the bytes per token of each group: a row for a group, a column for a tokenizer. */
  private void printGroups(
      List<VocabularyComparison.GroupOfTexts> groups, List<VocabularyComparison.Row> rows) {
    PrintWriter out = out();
    out.printf("%nbytes per token by group%n%-26s", "");
    for (int i = 0; i < rows.size(); i++) {
      out.printf("%9s", letter(i));
    }
    out.println();
    for (int group = 0; group < groups.size(); group++) {
      out.printf("%-26s", TerminalText.line(groups.get(group).group()));
      for (VocabularyComparison.Row row : rows) {
        out.printf("%9s", fraction(row.figures().groups().get(group).bytesPerToken()));
      }
      out.println();
    }
  }

  /** Prints which groups are never the worst, and why. */
  private void printSmallGroups(List<VocabularyComparison.GroupOfTexts> groups) {
    List<String> small =
        groups.stream()
            .filter(group -> group.bytes() < VocabularyMeter.LEAST_BYTES_OF_WORST)
            .map(group -> TerminalText.line(group.group()))
            .toList();
    if (!small.isEmpty()) {
      out()
          .printf(
              Locale.ROOT,
              "%nnot in the column worst, since they have less than %,d bytes, so that a few texts"
                  + " would decide: %s%n",
              VocabularyMeter.LEAST_BYTES_OF_WORST,
              String.join(", ", small));
    }
  }

  /** A short name for a tokenizer, by its place in the list: A to Z, then A1 to Z1. */
  private static String letter(int place) {
    return (char) ('A' + place % 26) + (place < 26 ? "" : String.valueOf(place / 26));
  }

  /** Prints the 12 cells of a tokenizer, or of the heading. */
  private void printRow(Object... cells) {
    String line = String.format("%-3s%11s%14s%9s%9s %-12s%6s%7s%7s%8s%16s  %s", cells);
    out().println(line.stripTrailing());
  }

  /** A count; "" for null. */
  private static String number(@Nullable Number value) {
    return value == null ? "" : Phrase.of("%,d", value.longValue());
  }

  /** A number with three decimals; a hyphen for null. */
  private static String fraction(@Nullable BigDecimal value) {
    return value == null ? "-" : Phrase.of("%.3f", value);
  }

  /** A share of 1 as per cent; a hyphen for null. */
  private static String percent(@Nullable BigDecimal share) {
    return share == null ? "-" : Phrase.of("%.1f%%", share.movePointRight(2));
  }

  /** Measures all tokenizers on each document, and counts dead letters. */
  private static final class MeasuredTexts implements DocumentHandler {
    private final VocabularyMeter meter;
    private final boolean grouped;

    /** The number of dead letters. */
    private long leftOut;

    /**
     * @param tokenizers that are compared
     * @param grouped whether documents without a group are a group of their own
     */
    MeasuredTexts(List<NamedTokenizer> tokenizers, boolean grouped) {
      this.meter = new VocabularyMeter(tokenizers);
      this.grouped = grouped;
    }

    @Override
    public void document(Document document) {
      String group = document.group == null && grouped ? GroupCounts.NONE : document.group;
      meter.add(document.id, group, document.text, document.from, document.to);
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      leftOut++;
    }
  }
}
