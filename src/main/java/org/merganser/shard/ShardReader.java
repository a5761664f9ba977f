package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.ShardException;

/** Reads a Parquet shard row by row: documents, or packed sequences. */
public interface ShardReader extends RowReader {
  /** Rows of the file, from its footer. */
  long rows();

  /**
   * Fills {@code row} with the next row; false at the end.
   *
   * @throws ShardException when the bytes are damaged, or num_tokens is not the list's length
   */
  @Override
  boolean next(ShardRow row) throws IOException;

  /**
   * Opens a shard of either kind, by its columns.
   *
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  static ShardReader open(Path file) throws IOException {
    boolean packed;
    try (ColumnarReader in = new ColumnarReader(file)) {
      packed = in.schema().getColumns().equals(PackedShardWriter.SCHEMA.getColumns());
    }
    return packed ? new PackedShardReader(file) : new ParquetShardReader(file);
  }
}
