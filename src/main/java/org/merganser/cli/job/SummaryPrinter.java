package org.merganser.cli.job;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.RunSummary;
import org.merganser.pipeline.RunTimes;
import org.merganser.report.Plural;
import org.merganser.report.statistics.Check;

/** The end of a run: what it made, where, and the headline figures. */
final class SummaryPrinter {
  private SummaryPrinter() {}

  static void print(RunSummary summary, PrintWriter out) {
    out.println();
    out.println("Wrote " + summary.output());
    for (Map.Entry<String, String> part : summary.parts().entrySet()) {
      out.printf(Locale.ROOT, "  %-24s %s%n", part.getKey(), part.getValue());
    }
    out.println();
    long dead = summary.deadLetters().values().stream().mapToLong(Long::longValue).sum();
    if (summary.documents() + summary.validationDocuments() + dead > 0) {
      out.printf(Locale.ROOT, "documents        %,15d%n", summary.documents());
      out.printf(Locale.ROOT, "text bytes       %,15d%n", summary.textBytes());
      out.printf(Locale.ROOT, "tokens           %,15d%n", summary.tokens());
      out.printf(
          Locale.ROOT,
          "bytes per token  %15.3f%n",
          summary.tokens() == 0 ? 0 : (double) summary.textBytes() / summary.tokens());
      if (summary.validationDocuments() > 0) {
        out.printf(
            Locale.ROOT,
            "for validation   %,15d document%s, %s, not among the above%n",
            summary.validationDocuments(),
            summary.validationDocuments() == 1 ? "" : "s",
            Plural.of(summary.validationTokens(), "token"));
      }
      if (summary.duplicates() > 0) {
        out.printf(Locale.ROOT, "duplicates       %,15d left out%n", summary.duplicates());
      }
      out.printf(Locale.ROOT, "dead letters     %,15d%n", dead);
      summary
          .deadLetters()
          .forEach((reason, count) -> out.printf(Locale.ROOT, "  %-15s%,15d%n", reason, count));
      summary.emptyInputs().forEach(file -> out.println("  look: " + TerminalText.safe(file)));
    }
    if (summary.vocabularySize() > 0) {
      out.printf(Locale.ROOT, "vocabulary       %,15d%n", summary.vocabularySize());
    }
    if (summary.unitsKept() > 0) {
      out.printf(
          Locale.ROOT,
          "units            %,15d encoded, %,d kept%n",
          summary.unitsEncoded(),
          summary.unitsKept());
    }
    if (summary.changes().entrySet().stream()
        .anyMatch(change -> !change.getKey().equals("kept") && change.getValue() > 0)) {
      out.println(
          "input files since the run before: "
              + summary.changes().entrySet().stream()
                  .map(change -> change.getValue() + " " + change.getKey())
                  .collect(Collectors.joining(", "))
              + " (run/changes.jsonl)");
    }
    if (!summary.verdict().isEmpty()) {
      verdict(summary, out);
    }
    if (summary.times() != null) {
      out.println();
      times(summary.times(), summary.timesBefore(), out);
    }
    if (summary.corpus() != null) {
      out.println();
      out.println("corpus           " + summary.corpus());
    }
    out.flush();
  }

  private static void times(RunTimes times, @Nullable RunTimes before, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-16s %13.2f s by the clock, with at most %s at work%n",
        times.unitsKept() > 0 ? "this run" : "the run",
        times.seconds(),
        Plural.of(times.threads(), "thread"));
    out.println("busy time of each stage, added up over threads:");
    times
        .stages()
        .forEach(
            time ->
                out.printf(Locale.ROOT, "  %-16s %11.2f s%n", time.stage(), time.busySeconds()));
    if (times.unitsKept() == 0) {
      return;
    }
    if (before == null) {
      out.println("an earlier run, which did not finish, made the other units: no times of it");
    } else {
      out.printf(
          Locale.ROOT,
          "the other units were made by the run of %s: %.2f s by the clock, %.2f s busy%n",
          before.began(),
          before.seconds(),
          before.stages().stream().mapToDouble(RunTimes.StageTime::busySeconds).sum());
    }
  }

  private static void verdict(RunSummary summary, PrintWriter out) {
    long passed = summary.verdict().stream().filter(Check::passed).count();
    out.println();
    out.printf(
        Locale.ROOT,
        "verdict          %d of %d checks passed; all figures are in report.html%n",
        passed,
        summary.verdict().size());
    for (Check check : summary.verdict()) {
      if (!check.passed()) {
        out.printf(
            Locale.ROOT,
            "  look: %s: %s (wanted: %s); %s%n",
            check.name(),
            check.found(),
            check.wanted(),
            check.advice());
      }
    }
  }

  /** A size for a person: three significant digits, decimal units. */
  static String bytes(long count) {
    if (count < 1000) {
      return count + " B";
    }
    double value = count;
    String[] units = {"kB", "MB", "GB", "TB", "PB"};
    int unit = -1;
    do {
      value /= 1000;
      unit++;
    } while (value >= 999.5 && unit < units.length - 1);
    return String.format(Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, units[unit]);
  }
}
