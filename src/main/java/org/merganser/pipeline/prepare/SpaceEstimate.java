package org.merganser.pipeline.prepare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.layout.IdWidth;
import org.merganser.message.Phrase;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.verify.EncodedUnits;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.store.FileStore;

/**
 * The estimated size of what a run writes, from the sizes in the plan alone, and the free space
 * there. All that it writes waits beside what it replaces until the commit, so nothing of the
 * published version is subtracted; units that have a valid receipt are not written. The estimate is
 * 0 for a run that reads shards, since its plan has no sizes.
 *
 * <p>The estimates are low on purpose, since one that is too high would refuse a run that fits:
 * text compresses to a third; an id represents four bytes of text and takes 1.8 bytes in Parquet; a
 * document has 10,000 bytes; ids have 16 bits in each layout if all of them fit. What counting
 * keeps for encoding takes 0.6 bytes for a byte of text, and is deleted unit by unit as the shards
 * are written. Learned models are not estimated.
 *
 * @param root the output folder
 * @param text bytes of text that the run reads
 * @param needed bytes that it writes beside what is there
 * @param units that it encodes
 * @param free bytes that are free in the output's file system; null if unknown, as on object stores
 */
public record SpaceEstimate(String root, long text, long needed, int units, @Nullable Long free) {
  // The class comment says why the figures are low.

  /** The bytes of text that an id represents. */
  private static final double TEXT_PER_ID = 4;

  /** The bytes of an id in a Parquet shard. */
  private static final double PARQUET_BYTES_PER_ID = 1.8;

  /** The bytes that counting keeps for encoding, for each byte of text. */
  private static final double KEPT_PRETOKENS_PER_TEXT_BYTE = 0.6;

  /** The bytes of the text of a document, which has one pooled vector. */
  private static final int DOCUMENT_BYTES = 10_000;

  /** The bytes of text for each byte of counts. */
  private static final int TEXT_PER_COUNT_BYTE = 30;

  /** The bytes of an id in the spilled rows of a shuffle. */
  private static final int SPILLED_BYTES_PER_ID = 4;

  /**
   * The estimate for a run that has not begun.
   *
   * @param keepsShards whether shards in place may be those that the run would write: no key has
   *     changed that decides their bytes
   */
  public static SpaceEstimate of(PreparedRun run, boolean keepsShards) throws IOException {
    RunSpec spec = run.spec();
    List<WorkUnit> missing = EncodedUnits.withoutReceipt(spec.paths(), run.units(), keepsShards);
    long missingText = PreparedRun.textBytes(missing);
    long ids = (long) (missingText / TEXT_PER_ID);
    long needed = PreparedRun.textBytes(run.trainingUnits()) / TEXT_PER_COUNT_BYTE;
    if (spec.kind() instanceof RunKind.Encode encode) {
      long shards = (long) (ids * bytesPerId(run));
      long keptPretokens =
          encode.keptPretokens() == null ? 0 : (long) (missingText * KEPT_PRETOKENS_PER_TEXT_BYTE);
      needed += Math.max(shards, keptPretokens); // those of a unit make room for its shards
    }
    if (spec.job().embeddings() != null) {
      needed += vectorBytes(spec, missingText, ids);
    }
    String root = run.paths().root();
    Long free = FileStore.isLocal(root) ? (Long) free(FileStore.localPath(root)) : null;
    long text = PreparedRun.textBytes(run.units());
    return new SpaceEstimate(root, text, needed, missing.size(), free);
  }

  /**
   * Requires that the run fits into the free space; does nothing if that is not known.
   *
   * @throws RunException with the figures if the run does not fit
   */
  public void requireRoom() {
    if (free != null && needed > free) {
      throw new RunException(
          RunException.Kind.NO_SPACE,
          Phrase.of(
              "%s: the run needs about %,d bytes more there, and %,d are free (it reads %,d bytes"
                  + " of text; what it writes waits beside the published files until all is"
                  + " written). Make room, take another disk or fewer outputs, or start anyway with"
                  + " --ignore-space",
              root, needed, free, text));
    }
  }

  /** The lines of {@code --explain} about space. */
  String explanation() {
    return Phrase.of(
        "text read: about %,d bytes\noutput: about %,d bytes to be written, free: %s\n",
        text, needed, free == null ? "not known" : Phrase.of("%,d bytes", free));
  }

  /** The bytes of all shards and layouts for each id of a run that encodes text. */
  private static double bytesPerId(PreparedRun run) {
    JobLayouts layouts = new JobLayouts(run.spec().job());
    int width = IdWidth.of(idBound(run), IdWidth.UINT16_BOUND).bytes();
    int copies = 1;
    if (layouts.arranges()) {
      copies++; // arranged shards are written beside the canonical ones
    }
    double parquet = PARQUET_BYTES_PER_ID * copies;
    int spilled = layouts.shuffles() ? SPILLED_BYTES_PER_ID : 0;
    int idAndMask = width + (layouts.masked() ? 1 : 0);
    return parquet + spilled + idAndMask * layouts.formats().size();
  }

  /** The bound of the ids of the tokenizer that is loaded; the size of a vocabulary to learn. */
  private static int idBound(PreparedRun run) {
    PreparedRun.LoadedTokenizer loaded = run.loaded();
    return loaded == null
        ? run.spec().job().requireTraining().vocabSize()
        : loaded.tokenizer().idBound();
  }

  /** The bytes of the vectors that the join writes: pooled ones, and one for each id. */
  private static long vectorBytes(RunSpec spec, long text, long ids) throws IOException {
    int dim =
        spec.table() == null
            ? spec.job().requireLearnedVectors().dim()
            : WorkerTables.get(spec.table()).dim();
    List<Job.EmbeddedOutput> parts = spec.job().requireEmbeddings().output();
    long pooled = parts.contains(Job.EmbeddedOutput.POOLED) ? text / DOCUMENT_BYTES : 0;
    long sequences = parts.contains(Job.EmbeddedOutput.SEQUENCE) ? ids : 0;
    return (pooled + sequences) * Float.BYTES * dim;
  }

  /** The free space where a folder is, or will be. */
  private static long free(Path folder) {
    File existing = folder.toAbsolutePath().toFile();
    while (!existing.exists() && existing.getParentFile() != null) {
      existing = existing.getParentFile();
    }
    // Files.getFileStore fails in a chroot whose root is not a mount point.
    return existing.getUsableSpace();
  }
}
