package org.merganser.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
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
 * {@code bench growth}: measures the cost of counting, learning, encoding and the whole run at
 * growing sizes. Text beyond the size of the corpus is copies of it with other letters, so that
 * distinct pretokens grow as well.
 */
@Command(
    name = "merganser bench growth",
    mixinStandardHelpOptions = true,
    description =
        "Counts, learns, encodes and runs a whole job on more and more text, and writes time,"
            + " memory and disk as tables and JSON.",
    footer = {
      "",
      "A size below that of the corpus is a part of each of its files. Counting, learning and"
          + " encoding run",
      "on this text in memory, on one thread, and the whole run reads it from one JSONL file."
          + " Beyond its",
      "size the whole run alone is measured, on the corpus and copies of it whose letters are"
          + " permuted.",
      "It has the heap of the launcher. The disk of --output needs room for text and run: 20 GB for"
          + " 12 GB.",
      "",
      "A training that does not fit its heap is started again with the least minPretokenCount that"
          + " it",
      "names; its cost is that of both.",
      "",
      "Examples: merganser bench growth --input corpus/ --sizes 1,4,16,64,172,1029 --output growth",
      "  merganser bench growth --growing --sizes 12000 --add growth/growth.json --output growth",
      "  merganser bench growth --growing --train --sizes 100000 --corpus growing --output growth",
      "  merganser bench growth --add docs/growth.json --output growth"
    })
final class GrowthCommand implements Callable<Integer> {
  private static final long MEGABYTE = 1_000_000;

  /** The bytes of text in a file of the synthetic corpus. */
  private static final long GROWING_FILE = 300 * MEGABYTE;

  /** The bytes of text that are run before anything is timed, for the JIT compiler. */
  private static final long WARM_UP = 16 * MEGABYTE;

  /** What is measured. */
  static final class Source extends BenchInputs {
    @Option(
        names = "--growing",
        required = true,
        description = "A synthetic corpus whose distinct words grow as those of real text do.")
    private boolean growing;
  }

  /** Null if earlier results are only shown. */
  @ArgGroup(multiplicity = "0..1")
  private @Nullable Source source;

  @Option(
      names = "--sizes",
      split = ",",
      description = "Megabytes of text, ascending (${DEFAULT-VALUE}).")
  private List<Integer> sizes = new ArrayList<>(List.of(1, 4, 16, 64, 256));

  @Option(
      names = "--add",
      split = ",",
      paramLabel = "FILE",
      description = "An earlier growth.json, whose rows go into the tables.")
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

  /** The counts of text in memory, and the cost of the core's steps. */
  private record Counted(long distinct, long tokens, GrowthRow.Core cost) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Source measured = source;
    if (measured == null && added.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is to be measured or shown: give --input, --growing or --add");
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
      List<byte[]> corpus =
          measured.growing ? List.of() : BenchCorpus.documents(measured.globs(), Long.MAX_VALUE);
      if (!measured.growing && !train) {
        core(part(corpus, WARM_UP));
      }
      for (int size : sizes) {
        try (ScratchFolder scratch = new ScratchFolder(output)) {
          long bytes = size * MEGABYTE;
          GrowthRow row =
              measured.growing
                  ? growing(bytes, scratch.path())
                  : measure(bytes, corpus, scratch.path());
          System.err.println(GrowthTable.sentence(row));
          table.add(row);
        }
      }
    }
    table.write(output);
    System.out.print(table.markdown());
    return 0;
  }

  private GrowthRow measure(long bytes, List<byte[]> corpus, Path scratch)
      throws IOException, InterruptedException {
    long all = bytes(corpus);
    Counted core = bytes <= all && !train ? core(part(corpus, bytes)) : null;
    Path input = Files.createDirectory(scratch.resolve("corpus"));
    long left = bytes;
    for (int copy = 0; left > 0; copy++) {
      UnaryOperator<byte[]> letters =
          copy == 0 ? UnaryOperator.identity() : new PermutedLetters(copy)::apply;
      try (OutputStream out = Files.newOutputStream(input.resolve("copy-" + copy + ".jsonl"))) {
        BenchCorpus.writeLines(part(corpus, left), letters, out);
      }
      left -= all;
    }
    GrowthRuns.Outcome run = run(input, scratch);
    if (core != null && (core.distinct != run.distinct() || core.tokens != run.tokens())) {
      throw new IllegalStateException("the core and the run differ: " + core + ", " + run);
    }
    return row(false, core == null ? null : core.cost, run);
  }

  private GrowthRow growing(long bytes, Path scratch) throws IOException, InterruptedException {
    Path folder = corpusFolder == null ? scratch.resolve("corpus") : corpusFolder;
    if (!Files.exists(folder)) {
      // The folder appears when it is whole.
      Path unfinished = Files.createDirectories(Path.of(folder + ".unfinished"));
      GrowingCorpus.write(bytes, GROWING_FILE, unfinished);
      Files.move(unfinished, folder);
    }
    GrowthRuns.Outcome run = run(folder, scratch);
    if (run.bytes() < bytes) {
      throw new IllegalStateException(
          folder + " has " + run.bytes() + " bytes of text, less than the size " + bytes);
    }
    return row(true, null, run);
  }

  private GrowthRuns.Outcome run(Path input, Path scratch)
      throws IOException, InterruptedException {
    return new GrowthRuns(new BenchJob(pattern, vocabSize), scratch).run(input, train);
  }

  private static GrowthRow row(
      boolean growing, GrowthRow.@Nullable Core core, GrowthRuns.Outcome run) {
    return new GrowthRow(
        growing,
        run.bytes(),
        run.distinct(),
        run.tokens(),
        core,
        run.cost(),
        run.minPretokenCount());
  }

  private static long bytes(List<byte[]> documents) {
    return documents.stream().mapToLong(document -> document.length).sum();
  }

  /** Documents of about so many bytes together, spread over the corpus; all if it has less. */
  static List<byte[]> part(List<byte[]> corpus, long bytes) {
    double share = (double) bytes / bytes(corpus);
    List<byte[]> documents = new ArrayList<>();
    double due = 0;
    for (byte[] document : corpus) {
      if (due >= 0) {
        documents.add(document);
        due -= document.length;
      }
      due += share * document.length;
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
    double count = seconds(start);
    start = Meter.cpuNanos();
    TrainedBpe trained =
        job.newTrainer().train(counts::forEachSorted, TrainingBound.NONE, learned -> {}).trained();
    double learn = seconds(start);
    Encoder encoder = job.tokenizer(trained).newEncoder(SpecialText.TEXT);
    IdBuffer ids = new IdBuffer(1 << 16);
    long tokens = 0;
    start = Meter.cpuNanos();
    for (byte[] document : documents) {
      ids.clear();
      encoder.encode(document, 0, document.length, ids);
      tokens += ids.size();
    }
    double encode = seconds(start);
    return new Counted(counts.distinct(), tokens, new GrowthRow.Core(count, learn, encode));
  }

  private static double seconds(long start) {
    return (Meter.cpuNanos() - start) / 1e9;
  }
}
