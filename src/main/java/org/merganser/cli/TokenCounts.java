package org.merganser.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.LengthTables;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.GroupLine;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Manifest.ExcludedIdCounts;
import org.merganser.dataset.RecordSums;
import org.merganser.json.Json;
import org.merganser.pipeline.RunSummary;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.report.Phrase;
import org.merganser.report.RoundedFractions;
import org.merganser.report.statistics.DocumentLengths;

/** Reads and prints the counts of a run that counted tokens, from its output folder. */
record TokenCounts(OutputLayout layout, RunSummary summary, Manifest manifest) {
  static TokenCounts of(RunSummary summary) throws IOException {
    OutputLayout layout = OutputLayout.of(summary.output(), false);
    return new TokenCounts(layout, summary, FinishedOutput.manifest(layout));
  }

  private boolean grouped() {
    return shards("groupBy") != null
        || !manifest.job().path("corpus").path("inputs").findValues("group").isEmpty();
  }

  private @Nullable String shards(String key) {
    return manifest.job().path("shards").path(key).textValue();
  }

  void print(PrintWriter out) throws IOException {
    RecordSums totals = manifest.totals().sums();
    head(out, "dead letters  file");
    FinishedOutput.forEachInput(
        layout,
        file -> {
          row(out, file.sums().documents(), file.sums().textBytes(), file.sums().tokens());
          long dead = file.sums().dead();
          out.printf(" %,13d  %s%n", dead, TerminalText.line(file.path()));
        });
    out.println();
    if (grouped()) {
      head(out, "group");
      FinishedOutput.forEachLine(
          layout,
          Manifest.GROUPS,
          GroupLine.class,
          group -> {
            row(out, group.documents(), group.textBytes(), group.tokens());
            out.printf("  %s%n", TerminalText.line(group.group()));
          });
      out.println();
    }
    DocumentLengths lengths = FinishedOutput.lengths(layout);
    if (lengths != null) {
      LengthTables.print(out, lengths);
    }
    total(out, "documents", totals.documents());
    total(out, "text bytes", totals.textBytes());
    total(out, "tokens", totals.tokens());
    if (totals.lossTokens() != null) {
      total(out, "  with loss", totals.lossTokens());
    }
    out.printf("%-16s %19s%n", "bytes per token", perToken(totals.textBytes(), totals.tokens()));
    String end = shards("endOfDocument");
    if (end != null) {
      out.printf("one token of each document is its end, %s%n", TerminalText.line(end));
    }
    GroupCounts validation = totals.validation();
    if (validation.documents() > 0) {
      total(out, "for validation", validation.tokens());
      out.printf("in %,d documents, not counted above%n", validation.documents());
    }
    if (totals.duplicates() > 0) {
      total(out, "duplicates", totals.duplicates());
    }
    ExcludedIdCounts excluded = manifest.excludedIds();
    if (excluded != null) {
      total(out, "excluded by id", totals.leftOutById());
      total(out, "  ids not found", excluded.withoutDocument());
    }
    total(out, "dead letters", totals.dead());
    totals.deadLetters().forEach((reason, count) -> total(out, "  " + reason, count));
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
    out.printf("%,12d %,18d %,18d %16s", documents, bytes, tokens, perToken(bytes, tokens));
  }

  private static String perToken(long bytes, long tokens) {
    return tokens == 0 ? "-" : Phrase.of("%.3f", (double) bytes / tokens);
  }

  private static void total(PrintWriter out, String name, long value) {
    out.printf("%-16s %,19d%n", name, value);
  }

  /** Prints the totals as in the manifest, and the lines of files and groups. */
  void printJson(PrintWriter out) throws IOException {
    RecordSums totals = manifest.totals().sums();
    JsonGenerator json = Json.MAPPER.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeStringField("tokenizerSha256", manifest.tokenizerSha256());
    json.writeStringField("endOfDocument", shards("endOfDocument"));
    json.writeObjectField(
        "bytesPerToken", RoundedFractions.ratio(totals.textBytes(), totals.tokens()));
    json.writeObjectField("totals", manifest.totals());
    json.writeObjectField("excludedIds", manifest.excludedIds());
    json.writeObjectField("lengths", FinishedOutput.lengths(layout));
    json.writeBooleanField("tooManyDeadLetters", summary.tooManyDeadLetters());
    json.writeArrayFieldStart("files");
    FinishedOutput.forEachInput(layout, json::writeObject);
    json.writeEndArray();
    if (grouped()) {
      json.writeArrayFieldStart("groups");
      FinishedOutput.forEachLine(layout, Manifest.GROUPS, GroupLine.class, json::writeObject);
      json.writeEndArray();
    }
    json.writeEndObject();
    json.close();
    out.println();
  }
}
