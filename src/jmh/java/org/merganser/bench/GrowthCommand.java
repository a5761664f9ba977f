package org.merganser.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.merganser.tokenizer.TrainingPretokenizer;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench growth}: what counting, learning, encoding and the whole run cost at sizes that grow
 * fourfold. Beyond the corpus's size it is repeated: text grows then and distinct pretokens don't.
 */
@Command(
    name = "merganser bench growth",
    mixinStandardHelpOptions = true,
    description =
        "Counts, learns, encodes and runs a whole job on more and more text, and writes time and"
            + " memory as a table, JSON and an SVG plot.",
    footer = {
      "",
      "Beyond its size the corpus is repeated. Counting and encoding run on one thread.",
      "",
      "Example: merganser bench growth --input corpus/ --sizes 1,4,16,64,256 --output growth"
    })
final class GrowthCommand implements Callable<Integer> {
  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(
      names = "--sizes",
      split = ",",
      description = "Megabytes of text, ascending (${DEFAULT-VALUE}).")
  private List<Integer> sizes = new ArrayList<>(List.of(1, 4, 16, 64, 256));

  @Option(names = "--vocab-size", description = "Ids to learn (${DEFAULT-VALUE}).")
  private int vocabSize = 32_000;

  @Option(
      names = "--pattern",
      description = "gpt2, cl100k, qwen2, qwen35 or o200k (${DEFAULT-VALUE}).")
  private String pattern = "qwen2";

  @Option(names = "--output", required = true, description = "The folder to write.")
  private Path output = Path.of("");

  /** The cost of a step; bytes are those of its own arrays, or of the whole process for a run. */
  record Step(double wallSeconds, double cpuSeconds, long memoryBytes) {}

  /** What one size costs. */
  record Row(
      long bytes, long distinct, long tokens, Step count, Step learn, Step encode, Step run) {}

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(output);
    List<byte[]> corpus = BenchCorpus.documents(inputs.globs(), sizes.get(sizes.size() - 1) * 1_000_000L);
    measure(repeated(corpus, 16_000_000)); // The JIT compiler's share, which is no growth.
    List<Row> rows = new ArrayList<>();
    for (int size : sizes) {
      List<byte[]> documents = repeated(corpus, size * 1_000_000L);
      Row row = measure(documents);
      row = withRun(row, wholeRun(documents));
      rows.add(row);
      System.err.printf(Locale.ROOT, "%d MB: %s%n", size, row);
    }
    System.out.print(table(rows));
    Files.writeString(output.resolve("growth.md"), table(rows));
    Files.writeString(output.resolve("growth.svg"), GrowthPlot.svg(rows));
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(output.resolve("growth.json").toFile(), rows);
    return 0;
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

  private Row measure(List<byte[]> documents) {
    long bytes = documents.stream().mapToLong(document -> document.length).sum();
    BenchJob job = new BenchJob(pattern, vocabSize);
    PretokenCounts counts = new PretokenCounts();
    Clock clock = new Clock();
    TrainingPretokenizer pretokenizer = job.newPretokenizer();
    for (byte[] document : documents) {
      pretokenizer.split(document, 0, document.length, counts::addAll);
    }
    Step count = clock.step(counts.memoryBytes());
    clock = new Clock();
    BpeTrainer trainer = job.newTrainer();
    TrainedBpe trained = trainer.train(counts::forEachSorted, (learned, wanted) -> {});
    Step learn = clock.step(trainer.peakBytes());
    Encoder encoder = job.tokenizer(trained).newEncoder(SpecialText.TEXT);
    IdBuffer ids = new IdBuffer(1 << 16);
    long tokens = 0;
    clock = new Clock();
    for (byte[] document : documents) {
      ids.clear();
      encoder.encode(document, 0, document.length, ids);
      tokens += ids.size();
    }
    Step encode = clock.step(4L * ids.ids().length);
    return new Row(bytes, counts.distinct(), tokens, count, learn, encode, encode);
  }

  private static Row withRun(Row row, MeteredRun.Cost cost) {
    Step run = new Step(cost.wallSeconds(), cost.cpuSeconds(), cost.residentBytes());
    return new Row(
        row.bytes(), row.distinct(), row.tokens(), row.count(), row.learn(), row.encode(), run);
  }

  /** Train, encode and Parquet shards, from a JSONL file, in a JVM of its own. */
  private MeteredRun.Cost wholeRun(List<byte[]> documents) throws IOException {
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path input = scratch.path().resolve("corpus.jsonl");
      try (JsonGenerator json =
          new ObjectMapper()
              .createGenerator(input.toFile(), com.fasterxml.jackson.core.JsonEncoding.UTF8)
              .setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("\n"))) {
        for (byte[] document : documents) {
          json.writeStartObject();
          json.writeStringField("text", new String(document, StandardCharsets.UTF_8));
          json.writeEndObject();
        }
      }
      Path job = scratch.path().resolve("job.yaml");
      Path output = scratch.path().resolve("out");
      Files.writeString(job, new BenchJob(pattern, vocabSize).yaml(input, null, output));
      return MeteredRun.run(scratch.path(), List.of("run", job.toString()));
    }
  }

  private static String table(List<Row> rows) {
    StringBuilder out = new StringBuilder();
    out.append("| MB | distinct pretokens | tokens | count: CPU s, MB | learn: CPU s, MB |");
    out.append(" encode: CPU s, MB/s | whole run: wall s, CPU s, resident MB |\n");
    out.append("|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %.0f | %,d | %,d | %.2f, %.0f | %.2f, %.0f | %.2f, %.0f | %.1f, %.1f, %.0f |%n",
              row.bytes() / 1e6,
              row.distinct(),
              row.tokens(),
              row.count().cpuSeconds(),
              row.count().memoryBytes() / 1e6,
              row.learn().cpuSeconds(),
              row.learn().memoryBytes() / 1e6,
              row.encode().cpuSeconds(),
              row.bytes() / 1e6 / row.encode().cpuSeconds(),
              row.run().wallSeconds(),
              row.run().cpuSeconds(),
              row.run().memoryBytes() / 1e6));
    }
    return out.toString();
  }

  private static final class Clock {
    private final long wall = System.nanoTime();
    private final long cpu = Meter.cpuNanos();

    Step step(long memoryBytes) {
      return new Step(
          (System.nanoTime() - wall) / 1e9, (Meter.cpuNanos() - cpu) / 1e9, memoryBytes);
    }
  }
}
