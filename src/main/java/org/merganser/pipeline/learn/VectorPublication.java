package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.job.Job;
import org.merganser.learn.vector.IdContexts;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns vectors from merged tables and publishes them as an embedding table; the receipt comes
 * last.
 */
final class VectorPublication {
  private static final String STAGE = "vectors";

  private final RunSpec spec;
  private final Job.LearnedVectors settings;
  private final FileRef ref;
  private final FileRef ids;

  VectorPublication(RunSpec spec, FileRef ref, FileRef ids) {
    this.spec = spec;
    this.settings = JobComponents.learnedVectors(spec.job());
    this.ref = ref;
    this.ids = ids;
  }

  /**
   * @param merged locations of the merged tables, sorted
   */
  LearnedTable publish(List<String> merged) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.LEARN_VECTORS);
    OutputLayout layout = spec.layout();
    String fingerprint =
        Fingerprint.of(
            STAGE,
            ref.sha256(),
            ids.sha256(),
            settings,
            JobComponents.endOfDocument(spec.job(), WorkerTokenizers.get(ref)),
            TupleTables.sums(merged));
    UnitReceipt receipt = Receipts.find(layout, fingerprint, OutputLayout.AFTER_ALL_UNITS);
    if (receipt == null) {
      WrittenFile table = learn(merged, meter);
      receipt =
          Receipts.publish(
              layout, OutputLayout.AFTER_ALL_UNITS, STAGE, fingerprint, List.of(table), null);
    }
    WrittenFile table = receipt.files().get(0);
    meter.unitDone();
    return new LearnedTable(
        new FileRef(layout.at(table.path()), table.sha256()),
        layout.at(UnitReceipt.path(receipt.fingerprint(), OutputLayout.AFTER_ALL_UNITS)));
  }

  private WrittenFile learn(List<String> merged, StageMeter meter) throws IOException {
    IdContexts contexts = LearnVectors.contexts(spec, ref, ids);
    VectorLearner.Vectors vectors =
        VectorLearner.learn(
            TupleTables.merged(2, merged), contexts, settings.dim(), new StageProgress(meter));
    String path = spec.layout().learnedVectors();
    String location = spec.layout().at(path);
    try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
      write(draft.file(), vectors);
      WrittenFile written = WrittenFile.of(draft.file(), path, 0, 0);
      draft.publish();
      return written;
    }
  }

  private void write(Path file, VectorLearner.Vectors vectors) throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    String source =
        "mutual information in a window of %s, of pairs that weigh at least %s"
            .formatted(settings.window(), vectors.minWeight());
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, settings.dim(), "F32", source, ref.sha256())) {
      for (int id = 0; id < tokenizer.idBound(); id++) {
        out.write(tokenizer.token(id), vectors.rows(), id * settings.dim());
      }
    }
  }
}
