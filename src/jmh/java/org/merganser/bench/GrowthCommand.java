package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.corpus.GrowingCorpus;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TrainingPretokenizer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench growth}: what counting, learning, encoding and the whole run cost at sizes that
 * grow. Beyond the corpus's size it is repeated: text grows then and distinct pretokens don't;
 * those of the synthetic corpus do.
 */
@Command(
    name = "merganser bench growth",
    mixinStandardHelpOptions = true,
    description =
        "Counts, learns, encodes and runs a whole job on more and more text, and writes time, memory"
            + " and disk as tables, JSON and an SVG plot.",
    footer = {
      "",
      "Beyond its size the corpus is repeated. Up to --in-memory, counting, learning and encoding run",
      "on text in memory, on one thread, and the whole run reads it from one JSONL file. Larger sizes",
      "have the whole run alone, on links to one file .jsonl.zst. It has the heap of the launcher.",
      "The disk of --output needs room for the run: 10 GB for 12 GB of text.",
      "",
      "With --train, a training that does not fit its heap is started again with the least",
      "minPretokenCount that it names; its cost is that of both.",
      "",
      "Examples: merganser bench growth --input corpus/ --sizes 1,4,16,64,256,12000 --output growth",
      "  merganser bench growth --growing --sizes 12000 --add growth/growth.json --output growth",
      "  merganser bench growth --growing --train --sizes 100000 --corpus growing --output growth",
      "  merganser bench growth --add docs/growth.json --output growth"
    })
final class GrowthCommand implements Callable<Integer> {
  private static final long MEGABYTE = 1_000_000;

  /** Text of each file of the synthetic corpus. */
  private static final long GROWING_FILE = 300 * MEGABYTE;

  /** What is measured. */
  static final class Source extends BenchInputs {
    @Option(
        names = "--growing",
        required = true,
        description = "A synthetic corpus whose distinct words grow as those of real text do.")
    private boolean growing;
  }

  /** Null where earlier results are only drawn. */
  @ArgGroup(multiplicity = "0..1")
  private @Nullable Source source;

  @Option(
      names = "--sizes",
      split = ",",
      description = "Megabytes of text, ascending (${DEFAULT-VALUE}).")
  private List<Integer> sizes = new ArrayList<>(List.of(1, 4, 16, 64, 256));

  @Option(
      names = "--in-memory",
      description = "The largest size that is measured in memory, too (${DEFAULT-VALUE}).")
  private int inMemory = 1400;

  @Option(
      names = "--add",
      split = ",",
      paramLabel = "FILE",
      description = "An earlier growth.json, whose rows go into the tables and the plot.")
  private List<Path> added = new ArrayList<>();

  @Option(names = "--vocab-size", description = "Ids to learn (${DEFAULT-VALUE}).")
  private int vocabSize = 32_000;

  @Option(
      names = "--pattern",
      description = "gpt2, cl100k, qwen2, qwen35 or o200k (${DEFAULT-VALUE}).")
  private String pattern = "qwen2";

  @Option(names = "--train", description = "Trains alone, so no shards are written.")
  private boolean train;

  @Option(
      names = "--corpus",
      paramLabel = "FOLDER",
      description = "Where the synthetic corpus is kept; it is written where it is not there.")
  private @Nullable Path corpusFolder;

  @Option(names = "--output", required = true, description = "The folder to write.")
  private Path output = Path.of("");

  private boolean warm;

  /** What the core found in text in memory. */
  private record Counted(long distinct, long tokens, GrowthRow.Core cost) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Source measured = source;
    if (measured == null && added.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is to be measured or drawn: give --input, --growing or --add");
    }
    if (corpusFolder != null && (measured == null || !measured.growing || sizes.size() != 1)) {
      throw new IllegalArgumentException("--corpus is for --growing and one of --sizes");
    }
    GrowthTable table = new GrowthTable();
    for (Path json : added) {
      table.read(json);
    }
    Files.createDirectories(output);
    if (measured != null) {
      long most = MEGABYTE * Math.min(inMemory, sizes.get(sizes.size() - 1));
      List<byte[]> corpus =
          measured.growing ? List.of() : BenchCorpus.documents(measured.globs(), most);
      for (int size : sizes) {
        try (ScratchFolder scratch = new ScratchFolder(output)) {
          GrowthRow row = measure(size, corpus, scratch.path());
          System.err.println(GrowthTable.sentence(row));
          table.add(row);
        }
      }
    }
    table.write(output);
    System.out.print(table.markdown());
    return 0;
  }

  /**
   * Measures a size.
   *
   * @param corpus to repeat; empty for the synthetic one
   */
  private GrowthRow measure(int size, List<byte[]> corpus, Path scratch)
      throws IOException, InterruptedException {
    GrowthRuns runs = new GrowthRuns(new BenchJob(pattern, vocabSize), scratch);
    long bytes = size * MEGABYTE;
    boolean held = size <= inMemory && !train;
    Path input;
    List<byte[]> documents = List.of();
    if (corpus.isEmpty()) {
      input = growing(bytes, scratch);
      if (held) {
        documents = BenchCorpus.documents(List.of(input.toString()), Long.MAX_VALUE);
      }
    } else if (size <= inMemory) {
      documents = repeated(corpus, bytes);
      input = runs.file(documents);
    } else {
      input = runs.links(corpus, bytes);
    }
    Counted core = null;
    if (held) {
      if (!warm) {
        core(repeated(documents, 16 * MEGABYTE)); // The JIT compiler's share, which is no growth.
        warm = true;
      }
      core = core(documents);
    }
    // The pretokens of a large synthetic corpus would not all fit the heap of a usual machine.
    GrowthRuns.Outcome run =
        train ? runs.train(input) : runs.run(input, corpus.isEmpty() && !held ? 3 : 1);
    if (corpusFolder != null && run.bytes() < bytes) {
      throw new IllegalStateException(
          corpusFolder + " has " + run.bytes() + " bytes of text, less than the size " + bytes);
    }
    if (core != null && (core.distinct != run.distinct() || core.tokens != run.tokens())) {
      throw new IllegalStateException("the core and the run differ: " + core + ", " + run);
    }
    return new GrowthRow(
        corpus.isEmpty(),
        run.bytes(),
        run.distinct(),
        run.tokens(),
        core == null ? null : core.cost,
        run.cost(),
        run.minPretokenCount());
  }

  /** The folder of the synthetic corpus, which appears when it is whole. */
  private Path growing(long bytes, Path scratch) throws IOException {
    Path folder = corpusFolder == null ? scratch.resolve("corpus") : corpusFolder;
    if (!Files.exists(folder)) {
      Path unfinished = Files.createDirectories(Path.of(folder + ".unfinished"));
      GrowingCorpus.write(bytes, GROWING_FILE, unfinished);
      Files.move(unfinished, folder);
    }
    return folder;
  }

  private static List<byte[]> repeated(List<byte[]> corpus, long bytes) {
    List<byte[]> documents = new ArrayList<>();
    long size = 0;
    for (int i = 0; size < bytes; i = (i + 1) % corpus.size()) {
      documents.add(corpus.get(i));
      size += corpus.get(i).length;
    }
    return documents;
  }

  private Counted core(List<byte[]> documents) {
    BenchJob job = new BenchJob(pattern, vocabSize);
    PretokenCounts counts = new PretokenCounts();
    TrainingPretokenizer pretokenizer = job.newPretokenizer();
    long start = Meter.cpuNanos();
    for (byte[] document : documents) {
      pretokenizer.split(document, 0, document.length, counts::addAll);
    }
    GrowthRow.Step count = step(start);
    start = Meter.cpuNanos();
    TrainedBpe trained =
        job.newTrainer().train(counts::forEachSorted, TrainingBound.NONE, learned -> {}).trained();
    GrowthRow.Step learn = step(start);
    Encoder encoder = job.tokenizer(trained).newEncoder(SpecialText.TEXT);
    IdBuffer ids = new IdBuffer(1 << 16);
    long tokens = 0;
    start = Meter.cpuNanos();
    for (byte[] document : documents) {
      ids.clear();
      encoder.encode(document, 0, document.length, ids);
      tokens += ids.size();
    }
    GrowthRow.Step encode = step(start);
    return new Counted(counts.distinct(), tokens, new GrowthRow.Core(count, learn, encode));
  }

  private static GrowthRow.Step step(long start) {
    double seconds = (Meter.cpuNanos() - start) / 1e9;
    return new GrowthRow.Step(
        seconds, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
  }
}
