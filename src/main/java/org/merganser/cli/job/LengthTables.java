package org.merganser.cli.job;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.output.figures.LongDocument;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.DocumentLengths.Above;
import org.merganser.report.statistics.DocumentLengths.Figures;
import org.merganser.report.statistics.DocumentLengths.Group;
import org.merganser.report.statistics.DocumentLengths.Quantile;

/** Prints how long documents are: shares, lengths above a limit, groups, and the longest ones. */
public final class LengthTables {
  private LengthTables() {}

  public static void print(PrintWriter out, DocumentLengths lengths) {
    Figures all = lengths.all();
    if (all.documents() == 0) {
      return;
    }
    out.printf("%-16s %19s%n", "share of", "tokens of a");
    out.printf("%-16s %19s%n", "documents", "document, at most");
    all.quantiles().forEach(q -> out.printf("%-16s %19s%n", q.percent() + " %", range(q)));
    out.println();
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
    if (!lengths.groups().isEmpty()) {
      out.printf("%12s %18s %18s %10s  %s%n", "documents", "50 %", "90 %", "> 2,048", "group");
      for (Group group : lengths.groups()) {
        Figures of = group.figures();
        out.printf(
            Locale.ROOT,
            "%,12d %18s %18s %10s  %s%n",
            of.documents(),
            range(of, 50),
            range(of, 90),
            percent(of.above().get(0).documentShare()),
            TerminalText.line(group.group()));
      }
      out.println();
    }
    out.printf("%12s  %s%n", "tokens", "the longest documents");
    for (LongDocument document : lengths.longest()) {
      String place = document.id().startsWith(document.file()) ? "" : document.file() + "  ";
      out.printf(
          Locale.ROOT, "%,12d  %s%n", document.tokens(), TerminalText.line(place + document.id()));
    }
    out.println();
  }

  private static String range(Figures of, int percent) {
    return of.quantiles().stream()
        .filter(quantile -> quantile.percent() == percent)
        .map(LengthTables::range)
        .findFirst()
        .orElse("-");
  }

  private static String range(Quantile quantile) {
    return quantile.least() == quantile.most()
        ? Phrase.of("%,d", quantile.most())
        : Phrase.of("%,d to %,d", quantile.least(), quantile.most());
  }

  private static String percent(@Nullable BigDecimal share) {
    return share == null ? "-" : Phrase.of("%.1f %%", 100 * share.doubleValue());
  }
}
