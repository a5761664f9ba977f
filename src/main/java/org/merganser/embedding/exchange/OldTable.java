package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.NormalRandom;

/**
 * A table of the old tokenizer, which {@link EmbeddingExtension} extends.
 *
 * @param name of the tensor that is written
 * @param type of its values, in the old table and in the new one
 * @param table has its rows by id
 * @param random makes the random rows of the new table
 */
record OldTable(String name, FloatType type, EmbeddingTable table, NormalRandom random) {
  /** The name of the written tensor if the file of the old table has none. */
  private static final String USUAL_TENSOR = "model.embed_tokens.weight";

  /**
   * Opens a table.
   *
   * @param source has its file and tokenizer
   * @param tensor its name; null for the usual ones
   * @param seed of the random rows
   * @param scratch the folder for the flat form of the table
   * @throws EmbeddingException as {@link EmbeddingImport#write}, and for 64-bit floats
   */
  static OldTable open(
      EmbeddingExtension.Source source, @Nullable String tensor, long seed, Path scratch)
      throws IOException {
    Path file = EmbeddingImport.tableFile(source.table());
    boolean zeroNonFinite = false;
    ImportedTable imported =
        ImportedTable.open(
            new EmbeddingImport.Request(file, tensor, source.tokenizer(), zeroNonFinite), scratch);
    String dtype = imported.report().dtype();
    if (dtype.equals("F64")) {
      throw new EmbeddingException(
          "%s has values of 64 bits, and F32, F16 and BF16 are extended; \"embeddings import\" makes a table of F32 of it"
              .formatted(file));
    }
    return new OldTable(
        writtenName(file, tensor),
        FloatType.valueOf(dtype),
        imported.table(),
        new NormalRandom(seed));
  }

  /** The name of the tensor that is written: the one in the file, if it has names. */
  private static String writtenName(Path file, @Nullable String tensor) throws IOException {
    if (EmbeddingImport.format(file) == EmbeddingImport.Format.SAFETENSORS) {
      return Safetensors.name(file, tensor);
    }
    return tensor == null ? USUAL_TENSOR : tensor;
  }
}
