package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.store.Scratch;

/**
 * A table in any format that can be imported, with its rows looked up by id.
 *
 * @param table has the rows
 * @param report the findings of the import
 */
record ImportedTable(EmbeddingTable table, EmbeddingReport report) {
  /**
   * Imports a table. The imported file is temporary, in the scratch folder of the process.
   *
   * @param scratch the folder for the flat form of the table, which {@link EmbeddingTable#open}
   *     maps
   * @throws org.merganser.embedding.EmbeddingException as {@link EmbeddingImport#write}
   */
  static ImportedTable open(EmbeddingImport.Request request, Path scratch) throws IOException {
    Files.createDirectories(scratch);
    Path copy = Files.createTempFile(Scratch.processFolder(), "import-", ".parquet");
    try {
      EmbeddingReport report = EmbeddingImport.write(request, copy);
      int anyRows = 0; // the import has compared the rows with the ids of the tokenizer
      return new ImportedTable(EmbeddingTable.open(anyRows, copy, scratch), report);
    } finally {
      Files.deleteIfExists(copy); // the rows are in the flat form
    }
  }
}
