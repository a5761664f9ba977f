package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes one canonical shard: doc_id STRING, file STRING, offset INT64, part INT32, group STRING
 * optional, num_tokens INT32, token_ids LIST of INT32 required. The bytes depend on the rows and
 * the metadata alone.
 */
public final class ParquetShardWriter implements Closeable {

  /**
   * @param metadata key-value metadata of the file (tokenizer sha256, ...), written sorted
   */
  public ParquetShardWriter(Path file, Map<String, String> metadata) throws IOException {}

  public void write(ShardRow row) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }

  /** Finishes the file. A writer that failed must be closed too; its file is not a shard. */
  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException("interface only");
  }
}
