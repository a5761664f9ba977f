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

/** Reads and prints the counts of a run that counted tokens, from its output folder. */
record TokenCounts(OutputPaths paths, RunSummary summary, Manifest manifest) {
  static TokenCounts of(RunSummary summary) throws IOException {
    OutputPaths paths = OutputPaths.of(summary.output(), false);
    return new TokenCounts(paths, summary, FinishedOutput.at(paths).manifest());
  }

  private boolean grouped() {
    return shards("groupBy") != null
        || !manifest.job().path("corpus").path("inputs").findValues("group").isEmpty();
  }

  private @Nullable String shards(String key) {
    return manifest.job().path("shards").path(key).textValue();
  }

  void print(PrintWriter out) throws IOException {
    head(out, "dead letters  file");
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              row(out, file.sums().documents(), file.sums().textBytes(), file.sums().tokens());
              long dead = file.sums().dead();
              out.printf(Locale.ROOT, " %,13d  %s%n", dead, TerminalText.line(file.path()));
            });
    out.println();
    if (grouped()) {
      head(out, "group");
      OutputJson.forEachLine(
          paths,
          Manifest.GROUPS,
          GroupLine.class,
          group -> {
            row(out, group.documents(), group.textBytes(), group.tokens());
            out.printf("  %s%n", TerminalText.line(group.group()));
          });
      out.println();
    }
    DocumentLengths lengths = FinishedOutput.at(paths).lengths();
    if (lengths != null) {
      LengthTables.print(out, lengths);
    }
    new SummaryPrinter(summary, out).counts();
    String begin = shards("beginOfDocument");
    if (begin != null) {
      out.printf("one token of each document is its beginning, %s%n", TerminalText.line(begin));
    }
    String end = shards("endOfDocument");
    if (end != null) {
      out.printf("one token of each document is its end, %s%n", TerminalText.line(end));
    }
    summary.lookAt().forEach(file -> out.println("look: " + TerminalText.line(file)));
    if (summary.corpus() != null) {
      out.printf("%-16s %s%n", "corpus", summary.corpus());
    }
  }

  private static void head(PrintWriter out, String last) {
    out.printf(
        "%12s %18s %18s %16s  %s%n", "documents", "text bytes", "tokens", "bytes per token", last);
  }

  private static void row(PrintWriter out, long documents, long bytes, long tokens) {
    out.printf(
        Locale.ROOT, "%,12d %,18d %,18d %16s", documents, bytes, tokens, perToken(bytes, tokens));
  }

  private static String perToken(long bytes, long tokens) {
    return tokens == 0 ? "-" : Phrase.of("%.3f", (double) bytes / tokens);
  }

  /** Prints the totals as in the manifest, and the lines of files and groups. */
  void printJson(PrintWriter out) throws IOException {
    RecordSums totals = manifest.totals().sums();
    JsonGenerator json = Json.MAPPER.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeStringField("tokenizerSha256", manifest.tokenizerSha256());
    json.writeStringField("beginOfDocument", shards("beginOfDocument"));
    json.writeStringField("endOfDocument", shards("endOfDocument"));
    json.writeObjectField(
        "bytesPerToken", RoundedFractions.ratio(totals.textBytes(), totals.tokens()));
    json.writeObjectField("totals", manifest.totals());
    json.writeObjectField("excludedIds", manifest.excludedIds());
    json.writeObjectField("lengths", FinishedOutput.at(paths).lengths());
    json.writeBooleanField("tooManyDeadLetters", summary.tooManyDeadLetters());
    json.writeArrayFieldStart("files");
    FinishedOutput.at(paths).forEachInput(json::writeObject);
    json.writeEndArray();
    if (grouped()) {
      json.writeArrayFieldStart("groups");
      OutputJson.forEachLine(paths, Manifest.GROUPS, GroupLine.class, json::writeObject);
      json.writeEndArray();
    }
    json.writeEndObject();
    json.close();
    out.println();
  }
}
