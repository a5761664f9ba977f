package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.tokenizer.Tokenizer;

/**
 * Builds a table for a tokenizer that has only some of the tokens of another one, under other ids
 * ({@code VocabularyTrim}). {@link EmbeddingExtension} is for one with new tokens.
 */
public final class EmbeddingSelection {
  private EmbeddingSelection() {}

  /**
   * Writes {@code table}, with a copy of the imported table in {@code scratch}.
   *
   * @param source a file, or a model's folder, in any format that can be imported
   * @param tensor the tensor's or column's name, or null for the usual ones
   * @param tokenizer the tokenizer.json whose ids the rows of {@code source} have
   * @param selected the tokenizer of the new table
   * @param sha256 of the tokenizer.json of {@code selected}
   * @param oldIds by new id, the id of its row; −1 for zeros
   * @throws EmbeddingException as {@link EmbeddingImport#write}
   */
  public static void write(
      Path source,
      @Nullable String tensor,
      Path tokenizer,
      Tokenizer selected,
      String sha256,
      int[] oldIds,
      Path table,
      Path scratch)
      throws IOException {
    try (ImportedTable imported = ImportedTable.open(source, tensor, tokenizer, scratch)) {
      EmbeddingTable rows = imported.table();
      try (EmbeddingTableWriter out =
          new EmbeddingTableWriter(
              table,
              rows.dim(),
              "F32",
              "selected from " + EmbeddingImport.fileName(source),
              sha256)) {
        for (int id = 0; id < oldIds.length; id++) {
          float[] row = new float[rows.dim()];
          if (oldIds[id] >= 0) {
            rows.row(oldIds[id], row, 0);
          }
          out.write(selected.token(id), row, 0);
        }
      }
    } catch (EmbeddingException e) {
      Files.deleteIfExists(table);
      throw e;
    }
  }
}
