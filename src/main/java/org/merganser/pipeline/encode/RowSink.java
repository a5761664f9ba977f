package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import org.merganser.shard.ShardRow;

/**
 * Writes the rows of one shard after the other into files of one kind. For each shard, {@link
 * #begin} is called, {@link #write} for each row, and {@link #finish}; {@link #close} is called at
 * the end, also after a failure.
 */
interface RowSink extends Closeable {
  /**
   * Begins the files of the next shard.
   *
   * @param shard the path of the canonical shard with the rows that follow
   */
  void begin(String shard) throws IOException;

  /** Writes the next row of the shard; the row is reused after the call. */
  void write(ShardRow row) throws IOException;

  /**
   * Completes the files of the shard.
   *
   * @param documents that begin in the shard
   * @param tokens the ids in the shard
   */
  void finish(long documents, long tokens) throws IOException;

  /** Drops the files of a shard that is not finished. */
  @Override
  void close() throws IOException;
}
