package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.ListedFolders;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.finish.AppendSummary;
import org.merganser.pipeline.finish.PublishedChanges;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.train.TrainingFigures;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.TokenizerFolder;

/**
 * Prints the end of a run for a person: what it wrote, its figures, and how to continue.
 *
 * @param summary of the run
 * @param out receives the lines
 */
public record SummaryPrinter(RunSummary summary, PrintWriter out) {
  /** The most names of files that a line lists. */
  static final int MOST_NAMES = 8;

  /** The format of a line with a name and a sentence. */
  static final String LINE = "%-16s %s%n";

  /**
   * Prints all of the summary.
   *
   * @param upToDate whether there was nothing to do; the figures are then not repeated
   * @param verbose whether the figures are always printed, with files and times
   */
  void print(boolean upToDate, boolean verbose) throws IOException {
    if (summary.inputs().appended() != null) {
      out.println(summary.inputs().appended());
    }
    if (!upToDate || verbose || summary.losses().tooManyDeadLetters()) {
      out.printf("%nWrote %s%n", summary.version().output());
      if (verbose) {
        summary.version().parts().forEach(this::printPart);
        out.println();
      }
      printFigures();
      printFailedChecks();
      if (verbose) {
        printStageTimes();
      }
    }
    if (summary.remarks().keptCard()) {
      printLine("card", "README.md is not the one that the last run wrote, so it is kept");
    }
    printPage();
    OpenedLayouts.print(out, summary.version().opened());
    printNext();
  }

  /** Prints the size of a part of the output: a file, or a folder with a final slash. */
  private void printPart(String path, RunSummary.Part part) {
    String size = Plural.of(part.files(), "file") + ", " + Plural.of(part.bytes(), "byte");
    out.printf("  %-24s %s%n", path, size);
  }

  /** Prints the counts of records, as every command with a corpus does. */
  public void printCounts() {
    // The output of a run that only learns a tokenizer is the tokenizer; nothing was encoded.
    boolean isOnlyTokenizer = summary.version().parts().containsKey(TokenizerFolder.TOKENIZER_JSON);
    RunSummary.Encoded encoded = summary.encoded();
    if (!isOnlyTokenizer) {
      printRow("documents", encoded.documents());
      printRow("text bytes", encoded.textBytes());
      printRow("tokens", encoded.tokens());
      if (encoded.lossTokens() != null) {
        printRow("  with loss", encoded.lossTokens());
      }
      out.printf(
          Locale.ROOT,
          "bytes per token  %15.3f%n",
          encoded.tokens() == 0 ? 0 : (double) encoded.textBytes() / encoded.tokens());
    }
    if (encoded.validationDocuments() > 0) {
      printRow(
          "for validation",
          encoded.validationDocuments(),
          " with " + Plural.of(encoded.validationTokens(), "token") + ", not counted above");
    }
    printLeftOut();
    if (summary.losses().corpus() != null) {
      printRow("dead letters", deadLetters());
    }
    summary
        .losses()
        .deadLetters()
        .forEach((reason, count) -> out.printf(Locale.ROOT, "  %-15s%,15d%n", reason, count));
  }

  /** Prints how many documents were left out, by the reason. */
  private void printLeftOut() {
    RunSummary.Omitted omitted = summary.omitted();
    if (omitted.duplicates() > 0) {
      printRow("duplicates", omitted.duplicates(), " left out");
    }
    if (omitted.excludedIds() != null) {
      long unmatched = omitted.excludedIds().withoutDocument();
      printRow("excluded by id", omitted.excluded(), " left out");
      if (unmatched > 0) {
        printRow("  ids not found", unmatched, " match no document");
      }
    }
    if (omitted.testSplit() > 0) {
      printRow("of a test split", omitted.testSplit(), " left out");
    }
  }

  /** The number of dead letters of all reasons. */
  private long deadLetters() {
    return RecordSums.sum(summary.losses().deadLetters());
  }

  /**
   * Prints the counts of records, tokens, units and files, the names of the result, and the time.
   */
  private void printFigures() {
    RunSummary.Encoded encoded = summary.encoded();
    if (encoded.documents() + encoded.validationDocuments() + deadLetters() > 0) {
      printCounts();
    }
    summary.lookAt().forEach(file -> out.println("  look: " + TerminalText.line(file)));
    printForeignFiles();
    summary
        .inputs()
        .leftOut()
        .forEach((reason, count) -> printRow("not read", count, " " + reason));
    printVocabulary();
    RunSummary.Work work = summary.work();
    PublishedChanges published = work.published();
    if (published != null && published.before() > 0) {
      out.println(published);
    }
    RunSummary.Version version = summary.version();
    printLine("names", "request %.12s, data %.12s".formatted(version.request(), version.data()));
    printLine("packing", work.packing() == null ? null : work.packing().summary());
    printUnits();
    RunTimes times = work.times();
    if (times != null) {
      out.printf("%-16s %15s%n", "time", ProgressLines.duration(times.seconds()));
    }
    if (summary.losses().corpus() != null && deadLetters() > 0) {
      printLine("corpus", String.valueOf(summary.losses().corpus()));
    }
  }

  /** Prints the files in the folders of the output that no run wrote. */
  private void printForeignFiles() {
    List<String> foreign = summary.remarks().foreign();
    if (!foreign.isEmpty()) {
      String first = String.join(", ", foreign.subList(0, Math.min(MOST_NAMES, foreign.size())));
      String more = foreign.size() > MOST_NAMES ? ", …" : "";
      printRow(
          "other files",
          foreign.size(),
          " left alone in its folders: " + TerminalText.line(first + more));
    }
  }

  /** Prints the size of the vocabulary, and how it was learned or changed. */
  private void printVocabulary() {
    if (summary.vocabulary().size() > 0) {
      printRow("vocabulary", summary.vocabulary().size());
    }
    TrainingFigures training = summary.work().training();
    if (training != null) {
      printLine("  learned", training.difference());
      printLine("  left out", training.leftOut());
    }
    if (summary.vocabulary().change() != null) {
      out.println(summary.vocabulary().change());
    }
  }

  /** Says how many units were kept, unless a growing output only tried files that wait. */
  private void printUnits() {
    AppendSummary appended = summary.inputs().appended();
    boolean addedNoFile = appended != null && appended.files() == 0;
    RunSummary.Work work = summary.work();
    boolean onlyTried = addedNoFile && work.unitsEncoded() > 0;
    if (work.unitsKept() > 0 && !onlyTried) {
      String kept = Phrase.of(" encoded, %,d kept", work.unitsKept());
      printRow("units", work.unitsEncoded(), kept);
    }
  }

  /** Prints a number. */
  private void printRow(String name, long value) {
    printRow(name, value, "");
  }

  /**
   * Prints a number.
   *
   * @param more follows it, with a space at its beginning; "" for nothing
   */
  private void printRow(String name, long value, String more) {
    out.printf(Locale.ROOT, "%-16s %,15d%s%n", name, value, more);
  }

  /** Prints a sentence; nothing for null. */
  private void printLine(String name, @Nullable String sentence) {
    if (sentence != null) {
      out.printf(LINE, name, sentence);
    }
  }

  /** Prints which checks of the report need attention. */
  private void printFailedChecks() {
    List<Check> verdict = summary.report().verdict();
    List<String> failed =
        verdict.stream().filter(check -> !check.passed()).map(Check::name).toList();
    if (!failed.isEmpty()) {
      String names = String.join(", ", failed);
      printLine(
          "checks",
          Phrase.of(
              "%d of %d %s attention: %s (see the report)",
              failed.size(), verdict.size(), failed.size() == 1 ? "needs" : "need", names));
    }
  }

  /** Prints where the report is, and whether it shows text of the corpus. */
  private void printPage() throws IOException {
    RunSummary.Report report = summary.report();
    if (report.page() != null) {
      String text =
          report.pageDocuments() == 0
              ? ""
              : " (it has text of %s; report.documents: 0 leaves text out)"
                  .formatted(Plural.of(report.pageDocuments(), "document"));
      printLine("page", uri(report.page()) + text);
    }
  }

  /**
   * Prints a command that shows what this run made, the first that applies: dead letters, the model
   * of n-grams, documents, other layouts, or the tokenizer.
   */
  private void printNext() {
    RunSummary.Version version = summary.version();
    String output = version.output();
    List<String> next;
    if (deadLetters() > 0 && version.parts().containsKey(ListedFolders.DEAD_LETTERS + "/")) {
      next = List.of("cat", output, "--dead-letters");
    } else if (version.parts().keySet().stream().anyMatch(path -> path.endsWith("/ngrams.bin"))) {
      next = List.of("predict", "--run", output, "Once upon a");
    } else if (version.opened().keySet().stream().anyMatch(ListedFolders::isCanonicalShard)) {
      next = List.of("cat", output, "--limit", "3");
    } else if (!version.opened().isEmpty()) {
      next = List.of("verify", output, "--full");
    } else {
      next = List.of("tokenize", output, "some text");
    }
    printLine("next", ProgramCommand.line(next.toArray(String[]::new)));
  }

  /** A local file as a URI, which a terminal opens; any other location as it is. */
  private static String uri(String location) throws IOException {
    return FileStore.isLocal(location)
        ? FileStore.localPath(location).toAbsolutePath().normalize().toUri().toString()
        : location;
  }

  /** Prints the time of the run and of its stages, and the sentence that no record was lost. */
  private void printStageTimes() {
    RunTimes times = summary.work().times();
    if (times != null) {
      out.printf(Locale.ROOT, "%n%-16s %13.2f s by the clock%n", "the run", times.seconds());
      out.println("busy time of each stage, added up over threads:");
      for (RunTimes.StageTime time : times.stages()) {
        out.printf(Locale.ROOT, "  %-16s %11.2f s%n", time.stage(), time.busySeconds());
      }
    }
    if (summary.losses().corpus() != null && deadLetters() == 0) {
      out.println();
      printLine("corpus", String.valueOf(summary.losses().corpus()));
    }
    out.println();
  }
}
