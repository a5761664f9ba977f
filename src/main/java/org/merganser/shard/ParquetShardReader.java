package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Reads a canonical shard row by row. */
public final class ParquetShardReader implements Closeable {
  public ParquetShardReader(Path file) throws IOException {}

  public Map<String, String> metadata() {
    throw new UnsupportedOperationException("interface only");
  }

  /** Fills {@code row} with the next row; false at the end. */
  public boolean next(ShardRow row) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }

  @Override
  public void close() throws IOException {}
}
