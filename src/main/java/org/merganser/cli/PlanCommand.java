package org.merganser.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.job.JobException;
import org.merganser.pipeline.ScaleEstimate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plan --simulate}: what a job of any size would come to, from metadata alone. */
@Command(
    name = "plan",
    description = {
      "Plans a corpus that exists as numbers only, and computes from measured rates what the job",
      "would move, hold, write, take and cost. (The plan of a real job: run JOB.yaml --explain.)"
    },
    footer = {"", "Example: merganser plan --simulate files=10000000,bytes=100TB"})
final class PlanCommand extends MerganserCommand {
  private static final Map<String, Long> UNITS = units();

  @Option(
      names = "--simulate",
      required = true,
      paramLabel = "files=N,bytes=SIZE",
      description = "How many files of JSON lines and how large in all: 500GB, 100TB.")
  private String simulate = "";

  @Option(names = "--zstd", description = "The files are compressed: each is a unit of its own.")
  private boolean zstd;

  @Option(names = "--vocab-size", paramLabel = "N", description = "Ids to learn.")
  private int vocabSize = 128_000;

  @Option(
      names = "--cores",
      split = ",",
      paramLabel = "N",
      description = "Wall time for so many cores; several separated by commas.")
  private List<Integer> cores = List.of(16, 256, 4096);

  @Option(names = "--core-hour", paramLabel = "COST", description = "What a core costs an hour.")
  private double coreHour = 0.04;

  @Override
  public Integer call() throws IOException {
    Map<String, Long> sizes = parse(simulate);
    SimulatedCorpus corpus;
    try {
      corpus =
          new SimulatedCorpus(
              sizes.getOrDefault("files", 0L),
              sizes.getOrDefault("bytes", 0L),
              CorpusSettings.Format.JSONL,
              zstd ? Compression.ZSTD : Compression.NONE);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    ScaleEstimate estimate = ScaleEstimate.of(corpus, vocabSize);
    out().print(estimate.text(new LinkedHashSet<>(cores), coreHour));
    out().flush();
    return ExitCode.DONE;
  }

  private static Map<String, Long> parse(String text) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || !List.of("files", "bytes").contains(name)) {
        throw wrong("\"" + part + "\" is neither files=N nor bytes=SIZE");
      }
      sizes.put(name, size(part.substring(equals + 1)));
    }
    return sizes;
  }

  private static long size(String text) {
    String digits = text.replaceFirst("[A-Za-z]*$", "");
    Long unit = UNITS.get(text.substring(digits.length()));
    if (unit == null || !digits.matches("\\d{1,15}")) {
      throw wrong(
          "\"%s\" is no size: a whole number, and one of %s or nothing"
              .formatted(text, UNITS.keySet()));
    }
    try {
      return Math.multiplyExact(Long.parseLong(digits), unit);
    } catch (ArithmeticException e) {
      throw wrong("\"" + text + "\" is more than 9,223 PB");
    }
  }

  private static JobException wrong(String problem) {
    return new JobException("--simulate", List.of(problem));
  }

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("", 1L);
    long factor = 1;
    for (String name : List.of("kB", "MB", "GB", "TB", "PB")) {
      factor *= 1000;
      units.put(name, factor);
    }
    return units;
  }
}
