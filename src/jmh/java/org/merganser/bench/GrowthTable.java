package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The rows of {@code bench growth} by size, as JSON and as tables. */
final class GrowthTable {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final List<GrowthRow> rows = new ArrayList<>();

  /** Adds the rows of an earlier {@code growth.json}. */
  void read(Path json) throws IOException {
    rows.addAll(List.of(JSON.readValue(json.toFile(), GrowthRow[].class)));
  }

  /** Adds a row. */
  void add(GrowthRow row) {
    rows.add(row);
  }

  private List<GrowthRow> bySize() {
    return rows.stream().sorted(Comparator.comparing(GrowthRow::bytes)).toList();
  }

  /** Writes {@code growth.json} and {@code growth.md}. */
  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("growth.json"), JSON.writeValueAsString(bySize()) + System.lineSeparator());
    Files.writeString(folder.resolve("growth.md"), markdown());
  }

  /** The table of the core's steps and that of whole runs. */
  String markdown() {
    return coreTable() + "\n" + runTable();
  }

  private String coreTable() {
    StringBuilder out = new StringBuilder();
    out.append("| MB | distinct pretokens | tokens | count: CPU s | learn: CPU s |");
    out.append(" encode: CPU s, MB/s |\n|---|---|---|---|---|---|\n");
    for (GrowthRow row : bySize()) {
      GrowthRow.Core core = row.core();
      if (core != null) {
        add(
            out,
            "| %s | %,d | %,d | %.2f | %.2f | %.2f, %.0f |\n",
            size(row),
            row.distinct(),
            row.tokens(),
            core.count(),
            core.learn(),
            core.encode(),
            row.bytes() / 1e6 / core.encode());
      }
    }
    return out.toString();
  }

  private String runTable() {
    StringBuilder out = new StringBuilder();
    out.append("| MB | distinct pretokens | tokens | by the clock, s | CPU s | resident MB |");
    out.append(" disk at most, MB | busy seconds of stages |\n|---|---|---|---|---|---|---|---|\n");
    for (GrowthRow row : bySize()) {
      GrowthRow.Run run = row.run();
      Long disk = run.diskBytes();
      add(
          out,
          "| %s | %,d | %s | %.1f | %.1f | %,.0f | %s | %s |\n",
          size(row),
          row.distinct(),
          row.trainedAlone() ? "" : String.format(Locale.ROOT, "%,d", row.tokens()),
          run.wallSeconds(),
          run.cpuSeconds(),
          run.residentBytes() / 1e6,
          disk == null ? "" : String.format(Locale.ROOT, "%,.0f", disk / 1e6),
          stages(run.stageSeconds()));
    }
    return out.toString();
  }

  /** A row as a sentence, which is printed while the next one is measured. */
  static String sentence(GrowthRow row) {
    GrowthRow.Core core = row.core();
    String steps =
        core == null
            ? ""
            : String.format(
                Locale.ROOT,
                "In memory, counting took %.2f CPU s, learning %.2f and encoding %.2f. ",
                core.count(),
                core.learn(),
                core.encode());
    return String.format(
        Locale.ROOT,
        "%,.0f MB of text: %sThe %s, with minPretokenCount %d, took %.1f s by the clock, %.1f CPU s"
            + " and %,.0f MB of memory.",
        row.bytes() / 1e6,
        steps,
        row.trainedAlone() ? "training" : "whole run",
        row.minPretokenCount(),
        row.run().wallSeconds(),
        row.run().cpuSeconds(),
        row.run().residentBytes() / 1e6);
  }

  private static String size(GrowthRow row) {
    return String.format(
        Locale.ROOT,
        "%,.0f%s%s%s",
        row.bytes() / 1e6,
        row.growing() ? ", growing" : "",
        row.trainedAlone() ? ", trained alone" : "",
        row.minPretokenCount() > 1 ? ", minPretokenCount " + row.minPretokenCount() : "");
  }

  /** The stages that take a second or more. */
  private static String stages(Map<String, Double> seconds) {
    return seconds.entrySet().stream()
        .filter(stage -> stage.getValue() >= 1)
        .map(stage -> String.format(Locale.ROOT, "%s %.1f", stage.getKey(), stage.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void add(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
