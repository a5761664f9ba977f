package org.merganser.embedding.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.FloatType;

/**
 * A table of the old tokenizer, which {@link EmbeddingExtension} extends.
 *
 * @param name of its tensor
 * @param type of its values
 * @param imported its rows
 * @param normal the generator of the random rows of the new table
 */
record OldTable(
    String name, FloatType type, ImportedTable imported, EmbeddingTableInit.Normal normal)
    implements Closeable {
  /** The name of the written tensor if the file of the old table has none. */
  private static final String USUAL_TENSOR = "model.embed_tokens.weight";

  /**
   * Opens a table.
   *
   * @param tensor its name; null for the usual ones
   * @param number 0 for the table, 1 for the output head; it is added to the seed
   * @param scratch the folder for the flat form of the table
   * @throws EmbeddingException as {@link EmbeddingImport#write}, and for 64-bit floats
   */
  static OldTable open(
      EmbeddingExtension.Request request, @Nullable String tensor, int number, Path scratch)
      throws IOException {
    Path file = EmbeddingImport.tableFile(request.table());
    ImportedTable imported = ImportedTable.open(file, tensor, request.from(), scratch);
    try {
      String dtype = imported.report().dtype();
      if (dtype.equals("F64")) {
        throw new EmbeddingException(
            "%s has values of 64 bits, and F32, F16 and BF16 are extended; \"embeddings import\" makes a table of F32 of it"
                .formatted(file));
      }
      return new OldTable(
          tensorName(file, tensor),
          FloatType.valueOf(dtype),
          imported,
          new EmbeddingTableInit.Normal(request.seed() + number));
    } catch (EmbeddingException e) {
      imported.close();
      throw e;
    }
  }

  /** The name of the tensor that is written. */
  private static String tensorName(Path file, @Nullable String tensor) throws IOException {
    if (EmbeddingImport.format(file) == EmbeddingImport.Format.SAFETENSORS) {
      return Safetensors.name(file, tensor);
    }
    return tensor == null ? USUAL_TENSOR : tensor;
  }

  /** Its rows by id. */
  EmbeddingTable rows() {
    return imported.table();
  }

  @Override
  public void close() throws IOException {
    imported.close();
  }
}
