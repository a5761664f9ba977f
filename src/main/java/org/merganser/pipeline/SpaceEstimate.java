package org.merganser.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.layout.ShardFormat;
import org.merganser.parquet.ColumnarReader;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;

/**
 * What a run will take on disks, guessed from the plan's sizes alone. The guesses are rather low
 * than high, since a run is refused by them: text compresses to a third (bzip2 and xz: a quarter),
 * an id stands for four bytes of text and takes 1.8 bytes in Parquet, a document is 200 bytes in
 * lines, 1,000 in paragraphs, and 10,000 in JSON lines, Parquet and WARC.
 *
 * @param text bytes of text that are read
 * @param output bytes in the output folder, by what they are
 * @param scratch bytes on this machine's own disk
 */
record SpaceEstimate(long text, Map<String, Long> output, long scratch) {
  private static final double BYTES_PER_ID = 4;
  private static final double PARQUET_BYTES_PER_ID = 1.8;
  private static final int UINT16_BOUND = 1 << 16;

  /** Counted tables of n-grams, and at most a model of ten million of them. */
  private static final int NGRAM_BYTES_PER_ID = 9;

  private static final long MODEL_BYTES = 40_000_000;

  private static final int PAIR_BYTES_PER_ID = 6;

  /**
   * Rows of a table to be learned for a tokenizer that is loaded, whose size is looked at later.
   */
  private static final long LOADED_ROWS = 200_000;

  static SpaceEstimate of(PreparedRun run) throws IOException {
    Job job = run.spec().job();
    Map<String, Long> output = new LinkedHashMap<>();
    long text = text(run.units());
    long ids = (long) (text / BYTES_PER_ID);
    if (!run.trainingUnits().isEmpty()) {
      output.put("counts", text(run.trainingUnits()) / 50);
    }
    if (run.spec().kind() instanceof RunKind.Encode) {
      output.put("shards/parquet", (long) (ids * PARQUET_BYTES_PER_ID));
      layouts(job, ids, output);
    }
    if (job.learn() != null) {
      output.put("learned/ngrams.bin", Math.min(MODEL_BYTES, ids * NGRAM_BYTES_PER_ID));
      output.put("run/learned (n-grams)", ids * NGRAM_BYTES_PER_ID);
    }
    long scratch = embedded(run.spec(), documents(run.units()), ids, output);
    return new SpaceEstimate(text, output, scratch);
  }

  long outputBytes() {
    return output.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void layouts(Job job, long ids, Map<String, Long> output) {
    LayoutPlan plan = new LayoutPlan(job);
    if (plan.arranges()) {
      output.put("packed or shuffled rows", (long) (ids * PARQUET_BYTES_PER_ID));
    }
    if (plan.shuffles()) {
      output.put("run/shuffle", 4 * ids);
    }
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    int width = train != null && train.vocabSize() <= UINT16_BOUND ? 2 : 4;
    width += plan.masked() ? 1 : 0;
    for (ShardFormat format : plan.formats()) {
      output.put(plan.folder(ShardSet.TRAINING, format), width * ids);
    }
  }

  /** Adds what is joined; returns the scratch that the table takes. */
  private static long embedded(RunSpec spec, long documents, long ids, Map<String, Long> output)
      throws IOException {
    Job job = spec.job();
    Job.Embeddings embeddings = job.embeddings();
    if (embeddings == null) {
      return 0;
    }
    long row;
    long rows;
    if (spec.table() == null) {
      TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
      rows = train == null ? LOADED_ROWS : train.vocabSize();
      row = 4L * JobComponents.learnedVectors(job).dim();
      output.put("learned/embeddings.parquet", rows * row);
      output.put("run/learned (pairs)", ids * PAIR_BYTES_PER_ID);
    } else {
      Path table = LocalFiles.of(spec.table().location());
      try (ColumnarReader in = new ColumnarReader(table)) {
        rows = in.rows();
        String dim = in.metadata().get(EmbeddingTableWriter.DIM);
        row =
            dim != null && dim.matches("\\d{1,7}")
                ? 4 * Long.parseLong(dim)
                : Files.size(table) / Math.max(1, rows);
      }
    }
    for (Job.EmbeddedOutput part : embeddings.output()) {
      switch (part) {
        case POOLED -> output.put("embedded/pooled", documents * row);
        case SEQUENCE -> output.put("embedded/sequence", ids * row);
        case ROWS -> output.put("embedded/rows.parquet", Math.min(rows, ids) * row / 2);
      }
    }
    return rows * row;
  }

  private static long text(List<WorkUnit> units) {
    long text = 0;
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        text += text(range);
      }
    }
    return text;
  }

  private static long text(FileRange range) {
    long stored = range.end() - range.start();
    if (range.file().format() == InputFormat.PARQUET) {
      return 2 * stored;
    }
    return switch (range.file().compression()) {
      case NONE -> stored;
      case GZIP, ZSTD -> 3 * stored;
      case BZIP2, XZ -> 4 * stored;
    };
  }

  private static long documents(List<WorkUnit> units) {
    long documents = 0;
    Set<String> whole = new HashSet<>();
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        long text = text(range);
        switch (range.file().format()) {
          case LINES -> documents += text / 200;
          case PARAGRAPHS -> documents += text / 1000;
          case TEXT -> documents += whole.add(range.file().path()) ? 1 : 0;
          default -> documents += text / 10_000;
        }
      }
    }
    return documents;
  }

  /** Whether a guess about compression is in it. */
  static boolean guessesCompression(List<WorkUnit> units) {
    return units.stream()
        .flatMap(unit -> unit.ranges().stream())
        .anyMatch(
            range ->
                range.file().compression() != Compression.NONE
                    || range.file().format() == InputFormat.PARQUET);
  }

  /** The free bytes where a path lies or will lie; null where nobody can tell. */
  static @Nullable Long free(Path path) {
    Path there = path.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
      if (there == null) {
        return null;
      }
    }
    // Not by Files.getFileStore, which fails in a chroot whose root is no mount point.
    return there.toFile().getUsableSpace();
  }
}
