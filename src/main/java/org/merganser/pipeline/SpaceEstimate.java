package org.merganser.pipeline;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.report.Phrase;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * The estimated size of a run's output, from the sizes in the plan alone, and the free space there.
 * The estimates are usually too low, because a run that does not fit is refused: text compresses to
 * a third; an id represents four bytes of text and takes 1.8 bytes in Parquet; a document has
 * 10,000 bytes. What counting keeps for encoding takes 0.4 bytes for a byte of text, and is deleted
 * unit by unit as the shards are written. Learned models are not estimated.
 *
 * @param output bytes in the output folder
 * @param there bytes of the output that exist from an earlier attempt
 * @param free bytes that are free in the output's file system; null if unknown, as on object stores
 */
record SpaceEstimate(String root, long text, long output, long there, @Nullable Long free) {
  private static final double BYTES_PER_ID = 4;
  private static final double PARQUET_BYTES_PER_ID = 1.8;
  private static final int UINT16_BOUND = 1 << 16;
  private static final double SEQUENCE = 0.4;
  private static final int DOCUMENT_BYTES = 10_000;

  static SpaceEstimate of(PreparedRun run) throws IOException {
    RunSpec spec = run.spec();
    long text = PreparedRun.textBytes(run.units());
    long ids = (long) (text / BYTES_PER_ID);
    long output = PreparedRun.textBytes(run.trainingUnits()) / 50;
    if (spec.kind() instanceof RunKind.Encode encode) {
      long shards = (long) (ids * bytesPerId(spec.job()));
      output += encode.sequences() == null ? shards : Math.max(shards, (long) (text * SEQUENCE));
    }
    output += spec.job().embeddings() == null ? 0 : embedded(spec, text, ids);
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

  private static double bytesPerId(Job job) {
    LayoutPlan plan = new LayoutPlan(job);
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    int width = train != null && train.vocabSize() <= UINT16_BOUND ? 2 : 4;
    return PARQUET_BYTES_PER_ID * (plan.arranges() ? 2 : 1)
        + (plan.shuffles() ? 4 : 0) // the spilled rows
        + (width + (plan.masked() ? 1 : 0)) * plan.formats().size();
  }

  private static long embedded(RunSpec spec, long text, long ids) throws IOException {
    int dim =
        spec.table() == null
            ? spec.job().requireLearnedVectors().dim()
            : WorkerTables.get(spec.table()).dim();
    List<Job.EmbeddedOutput> parts = spec.job().requireEmbeddings().output();
    long rows = parts.contains(Job.EmbeddedOutput.POOLED) ? text / DOCUMENT_BYTES : 0;
    rows += parts.contains(Job.EmbeddedOutput.SEQUENCE) ? ids : 0;
    return rows * Float.BYTES * dim;
  }

  private static long free(Path folder) {
    File there = folder.toAbsolutePath().toFile();
    while (!there.exists() && there.getParentFile() != null) {
      there = there.getParentFile();
    }
    // Files.getFileStore fails in a chroot whose root is not a mount point.
    return there.getUsableSpace();
  }

  private long needed() {
    return Math.max(0, output - there);
  }

  /**
   * @throws RunException with the figures if the run does not fit
   */
  void require() {
    if (free != null && needed() > free) {
      throw new RunException(
          RunException.Kind.NO_SPACE,
          Phrase.of(
              "%s: the run needs about %,d bytes more there, and %,d are free (it reads %,d bytes"
                  + " of text, and %,d bytes are there already). Make room, take another disk or"
                  + " fewer outputs, or start anyway with --ignore-space",
              root, needed(), free, text, there));
    }
  }

  String explanation() {
    return Phrase.of(
        "text read: about %,d bytes\noutput: about %,d bytes to be written, free: %s\n",
        text, needed(), free == null ? "not known" : Phrase.of("%,d bytes", free));
  }
}
