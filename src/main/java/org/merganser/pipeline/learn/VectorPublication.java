package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.job.Job;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns vectors from merged tables and publishes them as an embedding table; the receipt comes
 * last.
 */
record VectorPublication(RunSpec spec, Job.LearnedVectors settings, FileRef ref, FileRef ids) {
  /** Takes the locations of the merged tables, sorted. */
  LearnedTable publish(List<String> merged) throws IOException {
    OutputLayout layout = spec.layout();
    UnitWork work =
        spec.work(
            Stage.LEARN_VECTORS,
            "vectors",
            OutputLayout.AFTER_ALL_UNITS,
            ref.sha256(),
            ids.sha256(),
            TupleTables.sums(merged));
    UnitReceipt receipt = work.receipt(files -> learn(merged, files));
    WrittenFile table = receipt.files().get(0);
    return new LearnedTable(
        new FileRef(layout.at(table.path()), table.sha256()), layout.at(receipt.path()));
  }

  private void learn(List<String> merged, UnitFiles files) throws IOException {
    VectorLearner.Vectors vectors =
        VectorLearner.learn(
            TupleTables.merged(2, merged), LearnVectors.contexts(spec, ref, ids), settings.dim());
    String path = OutputLayout.LEARNED_VECTORS;
    write(files.begin(path), vectors);
    files.finish(path, 0, 0);
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
