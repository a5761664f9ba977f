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
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.finish.RunSummary.Published;
import org.merganser.pipeline.progress.RunTimes;
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
    if (summary.appended() != null) {
      out.println(summary.appended());
    }
    if (!upToDate || verbose || summary.tooManyDeadLetters()) {
      out.printf("%nWrote %s%n", summary.output());
      if (verbose) {
        summary.parts().forEach(this::printPart);
        out.println();
      }
      printFigures();
      printFailedChecks();
      if (verbose) {
        printStageTimes();
      }
    }
    if (summary.keptCard()) {
      printLine("card", "README.md is not the one that the last run wrote, so it is kept");
    }
    printPage();
    OpenedLayouts.print(out, summary.opened());
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
    boolean isOnlyTokenizer = summary.parts().containsKey(TokenizerFolder.TOKENIZER_JSON);
    if (!isOnlyTokenizer) {
      printRow("documents", summary.documents());
      printRow("text bytes", summary.textBytes());
      printRow("tokens", summary.tokens());
      if (summary.lossTokens() != null) {
        printRow("  with loss", summary.lossTokens());
      }
      out.printf(
          Locale.ROOT,
          "bytes per token  %15.3f%n",
          summary.tokens() == 0 ? 0 : (double) summary.textBytes() / summary.tokens());
    }
    if (summary.validationDocuments() > 0) {
      printRow(
          "for validation",
          summary.validationDocuments(),
          " with " + Plural.of(summary.validationTokens(), "token") + ", not counted above");
    }
    printLeftOut();
    if (summary.corpus() != null) {
      printRow("dead letters", deadLetters());
    }
    summary
        .deadLetters()
        .forEach((reason, count) -> out.printf(Locale.ROOT, "  %-15s%,15d%n", reason, count));
  }

  /** Prints how many documents were left out, by the reason. */
  private void printLeftOut() {
    if (summary.duplicates() > 0) {
      printRow("duplicates", summary.duplicates(), " left out");
    }
    if (summary.excludedIds() != null) {
      long unmatched = summary.excludedIds().withoutDocument();
      printRow("excluded by id", summary.excluded(), " left out");
      if (unmatched > 0) {
        printRow("  ids not found", unmatched, " match no document");
      }
    }
    if (summary.testSplit() > 0) {
      printRow("of a test split", summary.testSplit(), " left out");
    }
  }

  /** The number of dead letters of all reasons. */
  private long deadLetters() {
    return RecordSums.sum(summary.deadLetters());
  }

  /**
   * Prints the counts of records, tokens, units and files, the names of the result, and the time.
   */
  private void printFigures() {
    if (summary.documents() + summary.validationDocuments() + deadLetters() > 0) {
      printCounts();
    }
    summary.lookAt().forEach(file -> out.println("  look: " + TerminalText.line(file)));
    printForeignFiles();
    summary.leftOut().forEach((reason, count) -> printRow("not read", count, " " + reason));
    printVocabulary();
    Published published = summary.published();
    if (published != null && published.before() > 0) {
      out.println(published);
    }
    printLine("names", "request %.12s, data %.12s".formatted(summary.request(), summary.data()));
    printLine("packing", summary.packing() == null ? null : summary.packing().summary());
    printUnits();
    RunTimes times = summary.times();
    if (times != null) {
      out.printf("%-16s %15s%n", "time", ProgressLines.duration(times.seconds()));
    }
    if (summary.corpus() != null && deadLetters() > 0) {
      printLine("corpus", String.valueOf(summary.corpus()));
    }
  }

  /** Prints the files in the folders of the output that no run wrote. */
  private void printForeignFiles() {
    List<String> foreign = summary.foreign();
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
    if (summary.vocabularySize() > 0) {
      printRow("vocabulary", summary.vocabularySize());
    }
    if (summary.training() != null) {
      printLine("  learned", summary.training().difference());
      printLine("  left out", summary.training().leftOut());
    }
    if (summary.vocabularyChange() != null) {
      out.println(summary.vocabularyChange());
    }
  }

  /** Says how many units were kept, unless a growing output only tried files that wait. */
  private void printUnits() {
    boolean addedNoFile = summary.appended() != null && summary.appended().files() == 0;
    boolean onlyTried = addedNoFile && summary.unitsEncoded() > 0;
    if (summary.unitsKept() > 0 && !onlyTried) {
      String kept = Phrase.of(" encoded, %,d kept", summary.unitsKept());
      printRow("units", summary.unitsEncoded(), kept);
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
    List<String> failed =
        summary.verdict().stream().filter(check -> !check.passed()).map(Check::name).toList();
    if (!failed.isEmpty()) {
      String names = String.join(", ", failed);
      printLine(
          "checks",
          Phrase.of(
              "%d of %d %s attention: %s (see the report)",
              failed.size(),
              summary.verdict().size(),
              failed.size() == 1 ? "needs" : "need",
              names));
    }
  }

  /** Prints where the report is, and whether it shows text of the corpus. */
  private void printPage() throws IOException {
    if (summary.page() != null) {
      String text =
          summary.pageDocuments() == 0
              ? ""
              : " (it has text of %s; report.documents: 0 leaves text out)"
                  .formatted(Plural.of(summary.pageDocuments(), "document"));
      printLine("page", uri(summary.page()) + text);
    }
  }

  /**
   * Prints a command that shows what this run made, the first that applies: dead letters, the model
   * of n-grams, documents, other layouts, or the tokenizer.
   */
  private void printNext() {
    String output = summary.output();
    List<String> next;
    if (deadLetters() > 0 && summary.parts().containsKey(Manifest.DEAD_LETTERS + "/")) {
      next = List.of("cat", output, "--dead-letters");
    } else if (summary.parts().keySet().stream().anyMatch(path -> path.endsWith("/ngrams.bin"))) {
      next = List.of("predict", "--run", output, "Once upon a");
    } else if (summary.opened().keySet().stream().anyMatch(Manifest::isCanonicalShard)) {
      next = List.of("cat", output, "--limit", "3");
    } else if (!summary.opened().isEmpty()) {
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
    RunTimes times = summary.times();
    if (times != null) {
      out.printf(Locale.ROOT, "%n%-16s %13.2f s by the clock%n", "the run", times.seconds());
      out.println("busy time of each stage, added up over threads:");
      for (RunTimes.StageTime time : times.stages()) {
        out.printf(Locale.ROOT, "  %-16s %11.2f s%n", time.stage(), time.busySeconds());
      }
    }
    if (summary.corpus() != null && deadLetters() == 0) {
      out.println();
      printLine("corpus", String.valueOf(summary.corpus()));
    }
    out.println();
  }
}
