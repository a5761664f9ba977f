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
 * @param report the findings of the import
 * @param copy of the table in the scratch folder, until it is closed
 */
record ImportedTable(EmbeddingTable rows, EmbeddingReport report, Path copy) implements Closeable {
  /**
   * Imports a table into the scratch folder.
   *
   * @param source a file, or a model's folder
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @param tokenizer the tokenizer.json whose ids the rows have
   * @throws org.merganser.embedding.EmbeddingException as {@link EmbeddingImport#write}
   */
  static ImportedTable open(Path source, @Nullable String tensor, Path tokenizer, Path scratch)
      throws IOException {
    Files.createDirectories(scratch);
    Path copy = Files.createTempFile(Scratch.processFolder(), "import-", ".parquet");
    try {
      EmbeddingReport report =
          EmbeddingImport.write(
              new EmbeddingImport.Request(source, tensor, tokenizer, false), copy);
      return new ImportedTable(EmbeddingTable.open(0, copy, scratch), report, copy);
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
