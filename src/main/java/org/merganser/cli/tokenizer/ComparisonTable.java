package org.merganser.cli.tokenizer;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;

/**
 * Prints the figures of compared tokenizers for a person: a row for each tokenizer, and a column
 * for each in the table of groups.
 *
 * @param compared the figures
 * @param out receives the lines
 */
record ComparisonTable(VocabularyComparison compared, PrintWriter out) {
  /** Prints the figures for a person. */
  void print() {
    List<VocabularyComparison.Row> rows = compared.vocabularies();
    for (int i = 0; i < rows.size(); i++) {
      out.printf("%-2s %s%n", letter(i), TerminalText.line(rows.get(i).name()));
    }
    VocabularyComparison.Texts texts = compared.texts();
    out.printf(
        "%n%s, %s%n", Plural.of(texts.documents(), "text"), Plural.of(texts.bytes(), "byte"));
    if (compared.leftOut() > 0) {
      out.printf(
          "left out %s: no text, or one of the tokenizers cannot encode it%n",
          Plural.of(compared.leftOut(), "record"));
    }
    out.println();
    printFigures(rows);
    if (!texts.groups().isEmpty()) {
      printGroups(texts.groups(), rows);
      printSmallGroups(texts.groups());
    }
  }

  /** Prints a row of figures for each tokenizer. */
  private void printFigures(List<VocabularyComparison.Row> rows) {
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
      out.printf(
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

  /**
   * Prints the cells of a tokenizer, or of the heading: 12 in the order of {@link #printFigures}.
   */
  private void printRow(Object... cells) {
    String line = String.format("%-3s%11s%14s%9s%9s %-12s%6s%7s%7s%8s%16s  %s", cells);
    out.println(line.stripTrailing());
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
}
