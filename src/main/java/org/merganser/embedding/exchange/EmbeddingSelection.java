package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Path;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.tokenizer.Tokenizer;

/**
 * Builds a table for a tokenizer that has only some of the tokens of another one, under other ids
 * ({@code VocabularyTrim}). {@link EmbeddingExtension} is for one with new tokens.
 */
public final class EmbeddingSelection {
  private final Tokenizer selected;
  private final String sha256;
  private final int[] oldIds;

  /**
   * Selects the rows of a tokenizer.
   *
   * @param selected the tokenizer of the new table
   * @param sha256 of the tokenizer.json of {@code selected}
   * @param oldIds by id of {@code selected}, the id of its row in the old table; −1 for zeros
   */
  public EmbeddingSelection(Tokenizer selected, String sha256, int[] oldIds) {
    this.selected = selected;
    this.sha256 = sha256;
    this.oldIds = oldIds.clone();
  }

  /**
   * Writes the new table.
   *
   * @param old the table to import, with its tokenizer
   * @param file the file to write
   * @param scratch the folder for the flat form of the old table
   * @throws EmbeddingException as {@link EmbeddingImport#write}, for the old table
   */
  public void write(EmbeddingImport.Request old, Path file, Path scratch) throws IOException {
    ImportedTable imported = ImportedTable.open(old, scratch);
    EmbeddingTable rows = imported.table();
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(
            file,
            rows.dim(),
            imported.report().dtype(),
            "selected from " + EmbeddingImport.fileName(old.source()),
            sha256)) {
      for (int id = 0; id < oldIds.length; id++) {
        float[] row = new float[rows.dim()];
        if (oldIds[id] >= 0) {
          rows.row(oldIds[id], row, 0);
        }
        out.write(selected.token(id), row, 0);
      }
    }
  }
}
