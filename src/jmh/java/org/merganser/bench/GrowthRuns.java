package org.merganser.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole runs of {@code bench growth}, each in a process of its own: train, encode, Parquet shards,
 * report. All that they write lies in a folder for scratch.
 */
final class GrowthRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The exit code of a training that does not fit its memory. */
  private static final int DOES_NOT_FIT = 7;

  private static final Pattern FITTING = Pattern.compile("minPretokenCount: (\\d+)");

  private final BenchJob job;
  private final Path scratch;
  private final Path output;

  /**
   * The cost of a run, and the figures of its text.
   *
   * @param bytes of the text
   * @param distinct pretokens of the text
   * @param tokens without those that end documents; 0 of a training alone
   */
  record Outcome(
      long bytes, long distinct, long tokens, GrowthRow.Run cost, long minPretokenCount) {}

  GrowthRuns(BenchJob job, Path scratch) {
    this.job = job;
    this.scratch = scratch;
    this.output = scratch.resolve("out");
  }

  /**
   * Runs the job. A training that does not fit its heap names the minimum count with which it does,
   * and is started again with this count, as a user would do it: its cost is that of both
   * processes, and its stages are those of the second, which finds what the first has counted.
   *
   * @param train whether the run only trains, and writes no shards
   */
  Outcome run(Path input, boolean train) throws IOException, InterruptedException {
    Path log = scratch.resolve("output.log");
    try (DiskUse disk = new DiskUse(output)) {
      long start = System.nanoTime();
      double cpu = WholeProcess.childrenSeconds();
      long minimum = 1;
      long resident = 0;
      WholeProcess.Cost last;
      try {
        last = WholeProcess.merganser(command(input, train, minimum), log).run();
      } catch (WholeProcess.FailedException e) {
        minimum = fitting(e);
        resident = e.residentBytes;
        System.err.println("Started again with minPretokenCount " + minimum + ".");
        last = WholeProcess.merganser(command(input, train, minimum), log).run();
      }
      JsonNode manifest = JSON.readTree(output.resolve("manifest.json").toFile());
      return new Outcome(
          textBytes(manifest),
          distinctPretokens(manifest),
          train ? 0 : tokens(),
          new GrowthRow.Run(
              (System.nanoTime() - start) / 1e9,
              WholeProcess.childrenSeconds() - cpu,
              Math.max(resident, last.residentBytes()),
              disk.mostBytes(),
              stageSeconds()),
          minimum);
    }
  }

  /**
   * The bytes of text that were read. The manifest has what training read in an account of its own
   * only if no shards were made of the same text.
   */
  static long textBytes(JsonNode manifest) {
    JsonNode reading = manifest.at("/training/reading");
    JsonNode read = reading.isMissingNode() ? manifest : reading;
    return read.requiredAt("/totals/textBytes").longValue();
  }

  /** The distinct pretokens of the text, with those below the minimum count. */
  static long distinctPretokens(JsonNode manifest) {
    JsonNode counts = manifest.requiredAt("/training/pretokens");
    return counts.required("keptDistinct").longValue() + counts.required("cutDistinct").longValue();
  }

  private List<String> command(Path input, boolean train, long minPretokenCount)
      throws IOException {
    if (train) {
      return job.train(input, minPretokenCount, output);
    }
    Path file =
        Files.writeString(scratch.resolve("job.yaml"), job.yaml(List.of(input.toString()), output));
    String minimum = "tokenizer.train.minPretokenCount=" + minPretokenCount;
    return List.of("run", file.toString(), "--set", minimum);
  }

  /** The minimum count that a training names that does not fit its heap. */
  static long fitting(WholeProcess.FailedException failure) {
    Matcher named = FITTING.matcher(failure.output);
    if (failure.exitCode != DOES_NOT_FIT || !named.find()) {
      throw failure;
    }
    return Long.parseLong(named.group(1));
  }

  private long tokens() throws IOException {
    JsonNode text = JSON.readTree(output.resolve("statistics.json").toFile());
    return text.required("tokens").longValue() - text.required("documents").longValue();
  }

  private Map<String, Double> stageSeconds() throws IOException {
    Map<String, Double> seconds = new LinkedHashMap<>();
    JsonNode times = JSON.readTree(output.resolve("run/times.json").toFile());
    for (JsonNode stage : times.get("stages")) {
      seconds.put(stage.get("stage").textValue(), stage.get("busySeconds").doubleValue());
    }
    return seconds;
  }
}
