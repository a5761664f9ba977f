package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of a file, in the order of their ids, which are 0, 1, 2, …; a row at a time in memory.
 */
public interface EmbeddingSource extends Closeable {

  /** How errors call the file. */
  String name();

  int dim();

  /** As the file calls its type: F64, F32, F16 or BF16. */
  String dtype();

  /**
   * Reads the next row into {@code row[0, dim)}; false at the end.
   *
   * @throws EmbeddingException for a damaged file, naming the row
   */
  boolean next(float[] row) throws IOException;

  /** The token of the row that was read; null in formats where a row is known by its number. */
  default @Nullable String token() {
    return null;
  }

  /** Whether rows have a token and no id, so that they may be in any order. */
  default boolean byToken() {
    return false;
  }
}
