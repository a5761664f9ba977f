package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.merganser.pipeline.OutputTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench engines}: compares the cost of a whole run with Flink and with Spark, each in one
 * JVM, with that of the direct runner.
 */
@Command(
    name = "merganser bench engines",
    mixinStandardHelpOptions = true,
    description =
        "Runs a whole job (train, encode, Parquet shards, report) with the direct runner, with"
            + " Flink [local] and with Spark local[N], in turns, as whole processes; proves that"
            + " all files are equal, and prints time and memory. Exit code 1 when files differ.",
    footer = {
      "",
      "The text is that of --input; bench text writes one that is large and diverse. The engines"
          + " run in",
      "the JVM of the command, so that their cost is that of Beam's translation, of what they"
          + " serialize",
      "and of starting them, without a network.",
      "",
      "Example: merganser bench text --input '../shared/corpus/*.jsonl.zst' --copies 10 --output"
          + " target/diverse",
      "         merganser bench engines --input target/diverse"
    })
final class EnginesCommand implements Callable<Integer> {
  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--threads", description = "Of each engine (${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(names = "--vocab-size", description = "Ids to learn (${DEFAULT-VALUE}).")
  private int vocabSize = 30_000;

  @Option(
      names = "--min-pretoken-count",
      description =
          "Rarer pretokens are not learned from: all those of a large text would not fit the heap"
              + " of the launcher (${DEFAULT-VALUE}).")
  private int minPretokenCount = 3;

  @Option(
      names = "--engine",
      split = ",",
      description =
          "direct, flink or spark; the first is what others are compared with"
              + " (${DEFAULT-VALUE}).")
  private List<String> engines = new ArrayList<>(List.of("direct", "flink", "spark"));

  @Option(
      names = "--output",
      description = "A folder for what they write, which is deleted (${DEFAULT-VALUE}).")
  private Path output = Path.of("target");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "--rounds is " + rounds + " and --threads " + threads + "; both must be at least 1");
    }
    Files.createDirectories(output);
    try (ScratchFolder folder = new ScratchFolder(output)) {
      Path scratch = folder.path();
      Path out = scratch.resolve("out");
      Map<String, WholeProcess> runs = new LinkedHashMap<>();
      for (String engine : engines) {
        List<String> command = new ArrayList<>(command(scratch, out));
        command.addAll(flags(engine));
        runs.put(engine, WholeProcess.merganser(command, scratch.resolve(engine + ".log")));
        List<String> plan = new ArrayList<>(command);
        plan.add("--explain");
        // A first start builds what is not built.
        WholeProcess.merganser(plan, scratch.resolve("plan.log")).run();
      }
      Map<String, double[][]> costs = new LinkedHashMap<>();
      Map<String, String> expected = Map.of();
      for (int round = 0; round < rounds; round++) {
        // Every second round goes backwards, so that a machine that slows down favours no engine.
        List<String> order = new ArrayList<>(engines);
        if (round % 2 == 1) {
          Collections.reverse(order);
        }
        for (String engine : order) {
          WholeProcess.Cost cost = runs.get(engine).run();
          System.err.printf(
              Locale.ROOT,
              "Round %d of %d, %s: %.1f CPU s, %.1f s by the clock, %,.0f MB of memory.%n",
              round + 1,
              rounds,
              engine,
              cost.cpuSeconds(),
              cost.wallSeconds(),
              cost.residentBytes() / 1e6);
          if (round == 0) {
            Map<String, String> sums = OutputTree.sums(out);
            if (expected.isEmpty()) {
              expected = sums;
            } else if (!sums.equals(expected)) {
              System.err.println(
                  "merganser bench engines: "
                      + engine
                      + " has other files: "
                      + different(expected, sums));
              return 1;
            }
          }
          ScratchFolder.delete(out);
          double[][] rows = costs.computeIfAbsent(engine, name -> new double[3][rounds]);
          rows[0][round] = cost.wallSeconds();
          rows[1][round] = cost.cpuSeconds();
          rows[2][round] = cost.residentBytes();
        }
      }
      print(costs, expected.size());
      return 0;
    }
  }

  private List<String> command(Path scratch, Path out) throws IOException {
    Path job = scratch.resolve("job.yaml");
    // The job lies elsewhere, and what it names is relative to it.
    List<String> globs =
        inputs.globs().stream().map(glob -> Path.of(glob).toAbsolutePath().toString()).toList();
    Files.writeString(job, new BenchJob("gpt2", vocabSize).yaml(globs, out));
    String minimum = "tokenizer.train.minPretokenCount=" + minPretokenCount;
    return List.of("run", job.toString(), "--set", minimum);
  }

  private List<String> flags(String engine) {
    return switch (engine) {
      case "direct" -> List.of("--targetParallelism=" + threads);
      case "flink" ->
          List.of("--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=" + threads);
      case "spark" -> List.of("--runner=SparkRunner", "--sparkMaster=local[" + threads + "]");
      default ->
          throw new IllegalArgumentException(
              "--engine has \"" + engine + "\"; allowed are direct, flink and spark");
    };
  }

  /** The files that only one of two outputs has, or that both have with different bytes. */
  static List<String> different(Map<String, String> expected, Map<String, String> found) {
    TreeSet<String> paths = new TreeSet<>(expected.keySet());
    paths.addAll(found.keySet());
    paths.removeIf(
        path -> expected.containsKey(path) && expected.get(path).equals(found.get(path)));
    return List.copyOf(paths);
  }

  private void print(Map<String, double[][]> costs, int files) {
    System.out.printf(
        Locale.ROOT,
        "%d equal files; medians of %d in turns, %d threads%n%n| engine | by the clock, s | CPU s |"
            + " resident MB | CPU over that of %s |%n|---|---|---|---|---|%n",
        files,
        rounds,
        threads,
        engines.get(0));
    double first = Meter.median(costs.get(engines.get(0))[1]);
    costs.forEach(
        (engine, rows) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %,.0f | %.2f |%n",
                engine,
                Meter.median(rows[0]),
                Meter.median(rows[1]),
                Meter.median(rows[2]) / 1e6,
                Meter.median(rows[1]) / first));
  }
}
