package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import org.merganser.parquet.ShardException;

/** Writes a Parquet shard row by row: documents, or packed sequences. */
public interface ShardWriter extends Closeable {
  /**
   * Adds a row.
   *
   * @throws ShardException for a negative id, before anything of the row is written
   */
  void write(ShardRow row) throws IOException;
}
