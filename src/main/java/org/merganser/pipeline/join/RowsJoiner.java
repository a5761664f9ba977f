package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Objects;
import org.merganser.dataset.IdHistogram;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.RowsWriter;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/** Writes the rows of the vocabulary that the corpus uses, from the counts of all units. */
record RowsJoiner(RunSpec spec, FileRef ref, FileRef tableRef) {
  String write(FileRef ids) throws IOException {
    EmbeddingTable table = WorkerTables.get(tableRef);
    UnitWork work =
        spec.work(
            Stage.JOIN,
            "rows",
            OutputLayout.AFTER_ALL_UNITS,
            ref.sha256(),
            table.sha256(),
            ids.sha256());
    return work.make(files -> write(table, CountIds.read(ids), files));
  }

  private void write(EmbeddingTable table, IdHistogram counts, UnitFiles files) throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    String path = OutputLayout.ROWS;
    RowsWriter.write(
        files.begin(path),
        table,
        counts,
        id -> Objects.requireNonNullElse(tokenizer.token(id), ""),
        tokenizer::bytes,
        UnitJoiner.metadata(ref, table));
    files.finish(path, 0, 0);
  }
}
