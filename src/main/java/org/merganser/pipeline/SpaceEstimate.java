package org.merganser.pipeline;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.layout.ShardFormat;
import org.merganser.pipeline.output.NoSpaceException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * The estimated size of a run's output, from the sizes in the plan alone, and the free space there.
 * The estimates are rather low than high, because a run that does not fit is refused: text
 * compresses to a third; an id stands for four bytes of text and takes 1.8 bytes in Parquet; a
 * document has 10,000 bytes. What is learned beside the vocabulary is not estimated.
 *
 * @param text bytes of text that are read
 * @param output bytes in the output folder, by kind of file
 * @param there bytes of the output that an earlier attempt made already
 * @param free bytes that are free in the output's file system; null where this is not known, as on
 *     object stores
 */
record SpaceEstimate(
    String root, long text, Map<String, Long> output, long there, @Nullable Long free) {
  private static final double BYTES_PER_ID = 4;
  private static final double PARQUET_BYTES_PER_ID = 1.8;
  private static final int UINT16_BOUND = 1 << 16;
  private static final int DOCUMENT_BYTES = 10_000;

  static SpaceEstimate of(PreparedRun run) throws IOException {
    Job job = run.spec().job();
    Map<String, Long> output = new LinkedHashMap<>();
    long text = PreparedRun.textBytes(run.units());
    long ids = (long) (text / BYTES_PER_ID);
    if (!run.trainingUnits().isEmpty()) {
      output.put("counts", PreparedRun.textBytes(run.trainingUnits()) / 50);
    }
    if (run.spec().kind() instanceof RunKind.Encode) {
      output.put("shards/parquet", (long) (ids * PARQUET_BYTES_PER_ID));
      layouts(job, ids, output);
    }
    if (job.embeddings() != null) {
      embedded(run.spec(), job.embeddings(), text, output);
    }
    String root = run.layout().root();
    if (!FileStore.isLocal(root)) {
      return new SpaceEstimate(root, text, output, 0, null);
    }
    long there =
        OwnFiles.all(root).stream()
            .filter(entry -> !FileStore.isTemporary(entry.location()))
            .mapToLong(FileStore.Entry::size)
            .sum();
    return new SpaceEstimate(root, text, output, there, free(FileStore.localPath(root)));
  }

  /** The free bytes of the file system that holds, or will hold, a folder. */
  private static long free(Path folder) {
    File there = folder.toAbsolutePath().toFile();
    while (!there.exists() && there.getParentFile() != null) {
      there = there.getParentFile();
    }
    // Files.getFileStore fails in a chroot whose root is no mount point.
    return there.getUsableSpace();
  }

  /** The number of bytes by which the output will still grow. */
  private long needed() {
    long all = output.values().stream().mapToLong(Long::longValue).sum();
    return Math.max(0, all - there);
  }

  /**
   * @throws NoSpaceException with the figures, when the run can't fit
   */
  void require() {
    if (free != null && needed() > free) {
      throw new NoSpaceException(
          String.format(
              Locale.ROOT,
              "%s: the run needs about %,d bytes more there, and %,d are free (text %,d%s%s). Make"
                  + " room, take another disk or fewer outputs, or begin all the same with"
                  + " --ignore-space",
              root,
              needed(),
              free,
              text,
              output.entrySet().stream()
                  .map(
                      part ->
                          String.format(Locale.ROOT, ", %s %,d", part.getKey(), part.getValue()))
                  .collect(Collectors.joining()),
              there > 0 ? String.format(Locale.ROOT, "; %,d are there already", there) : ""));
    }
  }

  /** Lines for {@code --explain}. */
  String explanation() {
    StringBuilder lines = new StringBuilder();
    lines.append(String.format(Locale.ROOT, "text read: about %,d bytes\n", text));
    output.forEach(
        (part, bytes) ->
            lines.append(String.format(Locale.ROOT, "%s: about %,d bytes\n", part, bytes)));
    String known = free == null ? "not known" : String.format(Locale.ROOT, "%,d bytes", free);
    return lines
        .append(
            String.format(
                Locale.ROOT, "output: about %,d bytes to be written, free: %s\n", needed(), known))
        .toString();
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

  /** Adds the size of the embedded files. */
  private static void embedded(
      RunSpec spec, Job.Embeddings embeddings, long text, Map<String, Long> output)
      throws IOException {
    long ids = (long) (text / BYTES_PER_ID);
    int dim =
        spec.table() == null
            ? JobComponents.learnedVectors(spec.job()).dim()
            : WorkerTables.get(spec.table()).dim();
    long row = (long) Float.BYTES * dim;
    for (Job.EmbeddedOutput part : embeddings.output()) {
      switch (part) {
        case POOLED -> output.put("embedded/pooled", text / DOCUMENT_BYTES * row);
        case SEQUENCE -> output.put("embedded/sequence", ids * row);
        case ROWS -> {} // at most as large as the table
      }
    }
  }
}
