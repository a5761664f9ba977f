package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a file in the order of their ids 0, 1, 2, …; one row at a time is in memory.
 * {@link TableReader} reads Parquet; the package {@code exchange} has further formats.
 */
public interface EmbeddingSource extends Closeable {
  /** The file's name in errors. */
  String name();

  /** The number of values of a row. */
  int dim();

  /** The file's type of values: F64, F32, F16 or BF16. */
  String dtype();

  /**
   * Reads the next row into {@code row[0, dim)}; false at the end.
   *
   * @throws EmbeddingException for a damaged file
   */
  boolean next(float[] row) throws IOException;

  /** The token of the row that was last read; null if the file has none for it. */
  default @Nullable String token() {
    return null;
  }

  /**
   * Whether the file identifies rows by a token and not by an id, so that any order is possible.
   */
  default boolean byToken() {
    return false;
  }
}
