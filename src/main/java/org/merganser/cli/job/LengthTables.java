package org.merganser.cli.job;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.DocumentLengths.Above;
import org.merganser.report.statistics.DocumentLengths.Figures;
import org.merganser.report.statistics.DocumentLengths.Group;
import org.merganser.report.statistics.DocumentLengths.Quantile;

/** Prints how long documents are: shares, lengths above a limit, groups, and the longest ones. */
public final class LengthTables {
  private LengthTables() {}

  /** Prints the tables; nothing if there is no document. */
  public static void print(PrintWriter out, DocumentLengths lengths) {
    Figures all = lengths.all();
    if (all.documents() == 0) {
      return;
    }
    printQuantiles(out, all);
    printLimits(out, all);
    if (!lengths.groups().isEmpty()) {
      printGroups(out, lengths.groups());
    }
    printLongest(out, lengths.longest());
  }

  /** Prints, for shares of the documents, the length that the shortest of them do not exceed. */
  private static void printQuantiles(PrintWriter out, Figures all) {
    out.printf("%-16s %19s%n", "share of", "tokens of a");
    out.printf("%-16s %19s%n", "documents", "document, at most");
    all.quantiles().forEach(q -> out.printf("%-16s %19s%n", q.percent() + " %", range(q)));
    out.println();
  }

  /** Prints, for some lengths, the documents that are longer, and their tokens. */
  private static void printLimits(PrintWriter out, Figures all) {
    out.printf("%12s %12s %8s %18s %8s%n", "longer than", "documents", "share", "tokens", "share");
    for (Above above : all.above()) {
      out.printf(
          Locale.ROOT,
          "%,12d %,12d %8s %,18d %8s%n",
          above.length(),
          above.documents(),
          percent(above.documentShare()),
          above.tokens(),
          percent(above.tokenShare()));
    }
    out.println();
  }

  /**
   * Prints, for groups, the lengths of the quantiles of 50 % and 90 %, and the share of documents
   * above the least limit.
   */
  private static void printGroups(PrintWriter out, List<Group> groups) {
    String limit = Phrase.of("> %,d", leastLimit(groups.get(0)).length());
    out.printf("%12s %18s %18s %10s  %s%n", "documents", "50 %", "90 %", limit, "group");
    for (Group group : groups) {
      Figures figures = group.figures();
      out.printf(
          Locale.ROOT,
          "%,12d %18s %18s %10s  %s%n",
          figures.documents(),
          range(figures, 50),
          range(figures, 90),
          percent(leastLimit(group).documentShare()),
          TerminalText.line(group.group()));
    }
    out.println();
  }

  /** The documents above the least limit, which is the first one and the same for all groups. */
  private static Above leastLimit(Group group) {
    return group.figures().above().get(0);
  }

  /** Prints the longest documents by their ids, each with its file unless the id begins with it. */
  private static void printLongest(PrintWriter out, List<MeasuredDocument> longest) {
    out.printf("%12s  %s%n", "tokens", "the longest documents");
    for (MeasuredDocument document : longest) {
      String place = document.id().startsWith(document.file()) ? "" : document.file() + "  ";
      out.printf(
          Locale.ROOT, "%,12d  %s%n", document.tokens(), TerminalText.line(place + document.id()));
    }
    out.println();
  }

  /** The length of the quantile of a percentage; a hyphen without documents. */
  private static String range(Figures figures, int percent) {
    return figures.quantiles().stream()
        .filter(quantile -> quantile.percent() == percent)
        .map(LengthTables::range)
        .findFirst()
        .orElse("-");
  }

  /** The bounds of a quantile, which the figures know by buckets; one number if they are equal. */
  private static String range(Quantile quantile) {
    return quantile.least() == quantile.most()
        ? Phrase.of("%,d", quantile.most())
        : Phrase.of("%,d to %,d", quantile.least(), quantile.most());
  }

  private static String percent(@Nullable BigDecimal share) {
    return share == null ? "-" : Phrase.of("%.1f %%", 100 * share.doubleValue());
  }
}
