package org.merganser.embedding.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.store.Scratch;

/**
 * A table in any format that can be imported, with its rows looked up by id.
 *
 * @param table has the rows
 * @param report the findings of the import
 * @param copy the file of the table in the scratch folder of the process; closing deletes it
 */
record ImportedTable(EmbeddingTable table, EmbeddingReport report, Path copy) implements Closeable {
  /**
   * Imports a table into a file in the scratch folder of the process, and opens that.
   *
   * @param source a file, or a model's folder
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @param tokenizer the tokenizer.json whose ids the rows have
   * @param scratch the folder for the flat form of the table, which {@link EmbeddingTable#open}
   *     maps
   * @throws org.merganser.embedding.EmbeddingException as {@link EmbeddingImport#write}
   */
  static ImportedTable open(Path source, @Nullable String tensor, Path tokenizer, Path scratch)
      throws IOException {
    Files.createDirectories(scratch);
    Path copy = Files.createTempFile(Scratch.processFolder(), "import-", ".parquet");
    try {
      boolean zeroNonFinite = false;
      EmbeddingReport report =
          EmbeddingImport.write(
              new EmbeddingImport.Request(source, tensor, tokenizer, zeroNonFinite), copy);
      int anyRows = 0; // the import has compared the rows with the ids of the tokenizer
      return new ImportedTable(EmbeddingTable.open(anyRows, copy, scratch), report, copy);
    } catch (RuntimeException | IOException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(copy);
  }
}
