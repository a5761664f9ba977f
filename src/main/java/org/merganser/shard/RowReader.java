package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.merganser.parquet.ShardException;

/** Reads a shard of any layout row by row. */
public interface RowReader extends Closeable {
  /** Metadata of the file, empty where the layout has no place for any. */
  Map<String, String> metadata();

  /**
   * Fills {@code row} with the next row; false at the end.
   *
   * @throws ShardException when the bytes are damaged
   */
  boolean next(ShardRow row) throws IOException;

  /** The sum of the tokenizer that made the ids, lower-case hex; empty where it is not known. */
  default String tokenizerSha256() {
    return metadata().getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "");
  }
}
