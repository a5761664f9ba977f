package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import org.merganser.parquet.ShardException;

/** Reads a canonical shard row by row: the documents of a file, under any names of columns. */
public final class ParquetShardReader extends ShardReader {
  /**
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  public ParquetShardReader(Path file) throws IOException {
    super(file, false);
  }
}
