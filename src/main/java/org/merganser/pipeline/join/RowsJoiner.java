package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.RowsWriter;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Writes the rows of the vocabulary that the corpus uses, from the counts of all units. */
record RowsJoiner(RunSpec spec, FileRef ref, FileRef tableRef) {
  /**
   * Writes the rows; returns the location of their receipt.
   *
   * @param ids how often each id occurs
   */
  String write(FileRef ids) throws IOException {
    EmbeddingTable table = WorkerTables.get(tableRef);
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    IdHistogram counts = CountIds.read(ids);
    String path = spec.layout().rows();
    String location = spec.layout().at(path);
    WrittenFile file;
    try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
      RowsWriter.write(
          draft.file(),
          table,
          counts,
          new RowsWriter.Vocabulary() {
            @Override
            public String token(int id) {
              return Objects.requireNonNullElse(tokenizer.token(id), "");
            }

            @Override
            public byte[] bytes(int id) {
              return tokenizer.bytes(id);
            }
          },
          UnitJoiner.metadata(ref, table));
      file = WrittenFile.of(draft.file(), path, 0, 0);
      draft.publish();
    }
    String fingerprint = Fingerprint.of("rows", ref.sha256(), table.sha256(), ids.sha256());
    Receipts.publish(
        spec.layout(), OutputLayout.AFTER_ALL_UNITS, "rows", fingerprint, List.of(file), null);
    StageMeter.of(spec.layout(), Stage.JOIN).stepsDone(1);
    return spec.layout().at(UnitReceipt.path(fingerprint, OutputLayout.AFTER_ALL_UNITS));
  }
}
