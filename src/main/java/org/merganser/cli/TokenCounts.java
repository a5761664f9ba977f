package org.merganser.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.LengthTables;
import org.merganser.cli.job.SummaryPrinter;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.GroupLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.report.RoundedFractions;
import org.merganser.report.statistics.DocumentLengths;

/**
 * Prints the counts of a run that counted tokens, from the files of its output folder.
 *
 * @param paths of the output folder
 * @param output its files
 * @param summary of the run
 * @param manifest of the output
 */
record TokenCounts(
    OutputPaths paths, FinishedOutput output, RunSummary summary, Manifest manifest) {
  /** The counts in the output folder of a run. */
  static TokenCounts of(RunSummary summary) throws IOException {
    OutputPaths paths = OutputPaths.of(summary.version().output());
    FinishedOutput output = FinishedOutput.at(paths);
    return new TokenCounts(paths, output, summary, output.manifest());
  }

  /** Prints the counts of files and groups, and the totals, for a person. */
  void print(PrintWriter out) throws IOException {
    printFiles(out);
    if (hasGroups()) {
      printGroups(out);
    }
    DocumentLengths lengths = output.lengths();
    if (lengths != null) {
      LengthTables.print(out, lengths);
    }
    printTotals(out);
  }

  /** Prints the totals as in the manifest, and the lines of files and groups. */
  void printJson(PrintWriter out) throws IOException {
    RecordSums totals = manifest.totals().sums();
    JsonGenerator json = Json.MAPPER.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeStringField("tokenizerSha256", manifest.tokenizerSha256());
    json.writeStringField("beginOfDocument", shardsKey("beginOfDocument"));
    json.writeStringField("endOfDocument", shardsKey("endOfDocument"));
    json.writeObjectField(
        "bytesPerToken", RoundedFractions.ratio(totals.textBytes(), totals.tokens()));
    json.writeObjectField("totals", manifest.totals());
    json.writeObjectField("excludedIds", manifest.excludedIds());
    json.writeObjectField("lengths", output.lengths());
    json.writeBooleanField("tooManyDeadLetters", summary.losses().tooManyDeadLetters());
    json.writeArrayFieldStart("files");
    output.forEachInput(json::writeObject);
    json.writeEndArray();
    if (hasGroups()) {
      json.writeArrayFieldStart("groups");
      OutputJson.forEachLine(paths, Manifest.GROUPS, GroupLine.class, json::writeObject);
      json.writeEndArray();
    }
    json.writeEndObject();
    json.close();
    out.println();
  }

  /** Prints a row for each input file. */
  private void printFiles(PrintWriter out) throws IOException {
    printHead(out, "dead letters  file");
    output.forEachInput(
        file -> {
          RecordSums sums = file.sums();
          printRow(out, sums.documents(), sums.textBytes(), sums.tokens());
          out.printf(Locale.ROOT, " %,13d  %s%n", sums.dead(), TerminalText.line(file.path()));
        });
    out.println();
  }

  /** Prints a row for each group. */
  private void printGroups(PrintWriter out) throws IOException {
    printHead(out, "group");
    OutputJson.forEachLine(
        paths,
        Manifest.GROUPS,
        GroupLine.class,
        group -> {
          printRow(out, group.documents(), group.textBytes(), group.tokens());
          out.printf("  %s%n", TerminalText.line(group.group()));
        });
    out.println();
  }

  /** Prints the counts of all records, the tokens around documents, and the files to look at. */
  private void printTotals(PrintWriter out) {
    new SummaryPrinter(summary, out).printCounts();
    String begin = shardsKey("beginOfDocument");
    if (begin != null) {
      out.printf("one token of each document is its beginning, %s%n", TerminalText.line(begin));
    }
    String end = shardsKey("endOfDocument");
    if (end != null) {
      out.printf("one token of each document is its end, %s%n", TerminalText.line(end));
    }
    summary.lookAt().forEach(file -> out.println("look: " + TerminalText.line(file)));
    if (summary.losses().corpus() != null) {
      out.printf("%-16s %s%n", "corpus", summary.losses().corpus());
    }
  }

  /**
   * Prints the heading of a table.
   *
   * @param last the columns after the bytes per token
   */
  private static void printHead(PrintWriter out, String last) {
    out.printf(
        "%12s %18s %18s %16s  %s%n", "documents", "text bytes", "tokens", "bytes per token", last);
  }

  /** Prints the first cells of a row. */
  private static void printRow(PrintWriter out, long documents, long bytes, long tokens) {
    out.printf(
        Locale.ROOT, "%,12d %,18d %,18d %16s", documents, bytes, tokens, perToken(bytes, tokens));
  }

  private static String perToken(long bytes, long tokens) {
    return tokens == 0 ? "-" : Phrase.of("%.3f", (double) bytes / tokens);
  }

  /** Whether a field of the documents or an input of the job names groups. */
  private boolean hasGroups() {
    return shardsKey("groupBy") != null
        || !manifest.job().path("corpus").path("inputs").findValues("group").isEmpty();
  }

  /** The value of a key in the section {@code shards} of the job; null for none. */
  private @Nullable String shardsKey(String key) {
    return manifest.job().path("shards").path(key).textValue();
  }
}
