package org.merganser.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench job}: the whole job at two sizes beside the same work by the core alone, each in a
 * JVM of its own, and beside HF's library training and encoding.
 */
@Command(
    name = "merganser bench job",
    mixinStandardHelpOptions = true,
    description =
        "Runs a whole job (train, encode, Parquet shards, pooled join) on a corpus and on its files"
            + " several times over, and the same work by the core alone, and prints what Beam,"
            + " reading and writing cost.",
    footer = {
      "",
      "With --hf also HF's library, one thread each, of the corpus once: its training in Node.js"
          + " (see",
      "bench train), and its encoding through DJL with what it has learned. Its training there has",
      "HF's defaults alone, whatever --pattern and --vocab-size say: GPT-2's pattern, no"
          + " normalizer,",
      "30,000 ids, and a pair counts that occurs once. Its ids are not the job's: times are"
          + " compared.",
      "",
      "Example: merganser bench job --input corpus/*.jsonl.zst --copies 8"
    })
final class JobCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(names = "--copies", description = "The larger corpus's (${DEFAULT-VALUE}).")
  private int copies = 8;

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 2;

  @Option(names = "--threads", description = "Of job and core (${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(names = "--vocab-size", description = "Ids to learn (${DEFAULT-VALUE}).")
  private int vocabSize = 32_000;

  @Option(
      names = "--pattern",
      description = "gpt2, cl100k, qwen2, qwen35 or o200k (${DEFAULT-VALUE}).")
  private String pattern = "qwen2";

  @Option(names = "--dim", description = "Of the table that is joined (${DEFAULT-VALUE}).")
  private int dim = 64;

  @Option(names = "--hf", description = "Trains and encodes with HF's library as well.")
  private boolean hf;

  @Mixin private HfTraining hfTraining = new HfTraining();

  /** One size, medians. */
  private record Size(long bytes, double jobWall, double jobCpu, double coreWall, double coreCpu) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (copies < 2 || rounds < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "--copies is "
              + copies
              + ", --rounds "
              + rounds
              + ", --threads "
              + threads
              + "; at least 2, 1 and 1 are needed");
    }
    try (ScratchFolder folder = new ScratchFolder()) {
      Path scratch = folder.path();
      Path table = scratch.resolve("table.parquet");
      List<String> init = new ArrayList<>(List.of("embeddings", "init", "--output", "" + table));
      init.addAll(List.of("--rows", "" + vocabSize, "--dim", "" + dim));
      MeteredRun.run(scratch, init);
      Size once = size(1, table, scratch);
      Size more = size(copies, table, scratch);
      print(once, more);
      if (hf) {
        beside(once, scratch);
      }
      return 0;
    }
  }

  private Size size(int times, Path table, Path scratch) throws IOException {
    Path corpus = BenchCorpus.links(inputs.globs(), times, scratch.resolve("corpus" + times));
    double[][] costs = new double[4][rounds];
    long bytes = 0;
    for (int round = 0; round < rounds; round++) {
      Path out = scratch.resolve("out");
      Path job = scratch.resolve("job.yaml");
      Files.writeString(job, new BenchJob(pattern, vocabSize).yaml(corpus, table, out));
      MeteredRun.Cost run =
          MeteredRun.run(scratch, List.of("run", job.toString(), "--targetParallelism=" + threads));
      JsonNode counted = JSON.readTree(out.resolve("statistics.json").toFile());
      ScratchFolder.delete(out);
      CoreRun.Cost core =
          MeteredRun.child(
              CoreRun.class, CoreRun.Cost.class, scratch, coreArguments(times, table, scratch));
      System.err.printf(
          Locale.ROOT,
          "Round %d of %d with the corpus %s: the job took %.1f s by the clock, %.1f CPU s and %.0f"
              + " MB of memory, the core alone %.1f s and %.1f CPU s.%n",
          round + 1,
          rounds,
          times == 1 ? "once" : times + " times",
          run.wallSeconds(),
          run.cpuSeconds(),
          run.residentBytes() / 1e6,
          core.wallSeconds(),
          core.cpuSeconds());
      long ends = counted.get("documents").longValue();
      if (counted.get("bytes").longValue() != core.bytes()
          || ends != core.documents()
          || counted.get("tokens").longValue() != core.tokens() + ends) {
        throw new IllegalStateException(
            "job and core differ: " + counted.get("tokens") + ", " + core);
      }
      bytes = core.bytes();
      costs[0][round] = run.wallSeconds();
      costs[1][round] = run.cpuSeconds();
      costs[2][round] = core.wallSeconds();
      costs[3][round] = core.cpuSeconds();
    }
    return new Size(
        bytes,
        Meter.median(costs[0]),
        Meter.median(costs[1]),
        Meter.median(costs[2]),
        Meter.median(costs[3]));
  }

  private List<String> coreArguments(int times, Path table, Path scratch) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("" + threads, "" + times, pattern, "" + vocabSize));
    arguments.addAll(List.of(table.toString(), scratch.toString()));
    arguments.addAll(inputs.globs());
    return arguments;
  }

  private void print(Size once, Size more) {
    System.out.printf(
        Locale.ROOT,
        "%n%d threads, %,d ids, pattern %s, table of %d values a row; medians of %d runs in"
            + " turns%n%n| MB | job: wall s, CPU s | core alone: wall s, CPU s | CPU of job / core"
            + " |%n|---|---|---|---|%n",
        threads,
        vocabSize,
        pattern,
        dim,
        rounds);
    for (Size size : List.of(once, more)) {
      System.out.printf(
          Locale.ROOT,
          "| %.0f | %.1f, %.1f | %.1f, %.1f | %.2f |%n",
          size.bytes() / 1e6,
          size.jobWall(),
          size.jobCpu(),
          size.coreWall(),
          size.coreCpu(),
          size.jobCpu() / size.coreCpu());
    }
    double megabytes = (more.bytes() - once.bytes()) / 1e6;
    double job = (more.jobCpu() - once.jobCpu()) / megabytes;
    double core = (more.coreCpu() - once.coreCpu()) / megabytes;
    double fixed = once.jobCpu() - job * once.bytes() / 1e6;
    double coreFixed = once.coreCpu() - core * once.bytes() / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%nslope: job %.1f CPU ms a megabyte, core %.1f: Beam, reading and writing add %.0f %%%n"
            + "fixed: job %.1f CPU s, core %.1f: they add %.1f%n",
        1e3 * job,
        1e3 * core,
        100 * (job / core - 1),
        fixed,
        coreFixed,
        fixed - coreFixed);
  }

  /** HF's training has the pattern and number of ids of its defaults; see {@link TrainCommand}. */
  private void beside(Size once, Path scratch) throws IOException, InterruptedException {
    Path text = scratch.resolve("corpus.txt");
    List<byte[]> documents = BenchCorpus.documents(inputs.globs(), Long.MAX_VALUE);
    BenchCorpus.write(documents, text);
    Path saved = scratch.resolve("hf.json");
    double train = hfTraining.run(text, saved).cpuSeconds();
    double encode;
    try (Peer peer = new HfPeer(saved)) {
      long start = Meter.cpuNanos();
      for (byte[] document : documents) {
        peer.ids(new String(document, StandardCharsets.UTF_8));
      }
      encode = (Meter.cpuNanos() - start) / 1e9;
    }
    System.out.printf(
        Locale.ROOT,
        "%nHF's library, the corpus once: it trains in %.1f CPU s and encodes in %.1f, together"
            + " %.1f times%nthe job's. It has the defaults of its own (GPT-2's pattern, no"
            + " normalizer, 30,000 ids, pairs%nof any count); the job has the pattern %s, NFC, %,d"
            + " ids, and pairs that occur at least twice.%n",
        train,
        encode,
        (train + encode) / once.jobCpu(),
        pattern,
        vocabSize);
  }
}
