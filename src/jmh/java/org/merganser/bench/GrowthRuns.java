package org.merganser.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole runs of {@code bench growth}, each in a process of its own: train, encode, Parquet shards,
 * report. All that they need lies in a folder for scratch.
 */
final class GrowthRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The exit code of a training that does not fit its memory. */
  private static final int DOES_NOT_FIT = 7;

  private static final Pattern FITTING = Pattern.compile("minPretokenCount: (\\d+)");

  private final BenchJob job;
  private final Path scratch;

  /** What a run costs, and what it says of its text. */
  record Outcome(
      long bytes, long distinct, long tokens, GrowthRow.Run cost, long minPretokenCount) {}

  GrowthRuns(BenchJob job, Path scratch) {
    this.job = job;
    this.scratch = scratch;
  }

  /** A JSONL file of documents. */
  Path file(List<byte[]> documents) throws IOException {
    Path file = scratch.resolve("corpus.jsonl");
    try (OutputStream out = Files.newOutputStream(file)) {
      write(documents, out);
    }
    return file;
  }

  /** A folder of links to one compressed JSONL file, with at least so much text together. */
  Path links(List<byte[]> documents, long bytes) throws IOException {
    Path file = scratch.resolve("corpus.jsonl.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file))) {
      write(documents, out);
    }
    Path folder = Files.createDirectory(scratch.resolve("corpus"));
    long each = documents.stream().mapToLong(document -> document.length).sum();
    for (int link = 0; link * each < bytes; link++) {
      Files.createSymbolicLink(folder.resolve("part-" + link + ".jsonl.zst"), file);
    }
    return folder;
  }

  private static void write(List<byte[]> documents, OutputStream out) throws IOException {
    try (JsonGenerator json =
        JSON.createGenerator(out, JsonEncoding.UTF8)
            .setRootValueSeparator(new SerializedString("\n"))) {
      for (byte[] document : documents) {
        json.writeStartObject();
        json.writeStringField("text", new String(document, StandardCharsets.UTF_8));
        json.writeEndObject();
      }
    }
  }

  /** Runs the job on a file or a folder; rarer pretokens than the given count are left out. */
  Outcome run(Path input, int minPretokenCount) throws IOException {
    Path file = scratch.resolve("job.yaml");
    Path output = scratch.resolve("out");
    Files.writeString(file, job.yaml(input, null, output));
    try (DiskUse disk = new DiskUse(output)) {
      MeteredRun.Cost cost =
          MeteredRun.run(
              scratch,
              List.of(
                  "run",
                  file.toString(),
                  "--set",
                  "tokenizer.train.minPretokenCount=" + minPretokenCount));
      JsonNode text = JSON.readTree(output.resolve("statistics.json").toFile());
      JsonNode counts =
          JSON.readTree(output.resolve("manifest.json").toFile()).at("/training/pretokens");
      return new Outcome(
          text.get("bytes").longValue(),
          counts.get("keptDistinct").longValue() + counts.get("cutDistinct").longValue(),
          text.get("tokens").longValue() - text.get("documents").longValue(),
          new GrowthRow.Run(
              cost.wallSeconds(),
              cost.cpuSeconds(),
              cost.residentBytes(),
              disk.mostBytes(),
              stageSeconds(output)),
          0);
    }
  }

  /**
   * Trains alone, which writes no shards. A training that does not fit its heap says with which
   * minimum count it does, and is started again with that, as a user would do it: its costs are
   * those of both processes, and its stages those of the second, which finds what was counted.
   */
  Outcome train(Path input) throws IOException, InterruptedException {
    Path output = scratch.resolve("out");
    Path log = scratch.resolve("train.log");
    try (DiskUse disk = new DiskUse(output)) {
      long start = System.nanoTime();
      double cpu = WholeProcess.childrenSeconds();
      long minimum = 1;
      long resident = 0;
      MeteredRun.Cost last;
      try {
        last = trainer(input, minimum, output, log).run();
      } catch (WholeProcess.FailedException e) {
        minimum = fitting(e);
        resident = e.residentBytes;
        System.err.println("Started again with minPretokenCount " + minimum + ".");
        last = trainer(input, minimum, output, log).run();
      }
      JsonNode training = JSON.readTree(output.resolve("manifest.json").toFile()).get("training");
      JsonNode counts = training.get("pretokens");
      return new Outcome(
          training.at("/reading/totals/textBytes").longValue(),
          counts.get("keptDistinct").longValue() + counts.get("cutDistinct").longValue(),
          0,
          new GrowthRow.Run(
              (System.nanoTime() - start) / 1e9,
              WholeProcess.childrenSeconds() - cpu,
              Math.max(resident, last.residentBytes()),
              disk.mostBytes(),
              stageSeconds(output)),
          minimum);
    }
  }

  private WholeProcess trainer(Path input, long minPretokenCount, Path output, Path log) {
    List<String> command =
        new ArrayList<>(List.of(Path.of("merganser").toAbsolutePath().toString()));
    command.addAll(job.train(input, minPretokenCount, output));
    return new WholeProcess(command, log);
  }

  /** The minimum count that a training names that does not fit. */
  static long fitting(WholeProcess.FailedException failure) {
    Matcher named = FITTING.matcher(failure.output);
    if (failure.exitCode != DOES_NOT_FIT || !named.find()) {
      throw failure;
    }
    return Long.parseLong(named.group(1));
  }

  private static Map<String, Double> stageSeconds(Path output) throws IOException {
    Map<String, Double> seconds = new LinkedHashMap<>();
    JsonNode times = JSON.readTree(output.resolve("run/times.json").toFile());
    for (JsonNode stage : times.get("stages")) {
      seconds.put(stage.get("stage").textValue(), stage.get("busySeconds").doubleValue());
    }
    return seconds;
  }
}
