package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;

/**
 * The Parquet shards of a unit on one side of the split, written in sequence. A shard begins with
 * its first row and is finished before the row that would make it too large; all parts of a
 * document are in one shard.
 */
public final class ShardSeries implements Closeable {
  @FunctionalInterface
  public interface Writers {
    ParquetShardWriter write(Path file) throws IOException;
  }

  private final UnitFiles files;
  private final IntFunction<String> path;
  private final long maxTokens;
  private final Writers writers;
  private @Nullable ParquetShardWriter open;
  private String openPath = "";
  private long rows;
  private long documents;
  private long tokens;
  private int subParts;

  /**
   * @param maxTokens a shard is finished before a document that would exceed this many ids
   */
  public ShardSeries(UnitFiles files, IntFunction<String> path, long maxTokens, Writers writers) {
    this.files = files;
    this.path = path;
    this.maxTokens = maxTokens;
    this.writers = writers;
  }

  public void write(ShardRow row) throws IOException {
    if (tokens + row.count > maxTokens && row.part == 0) {
      finish();
    }
    ParquetShardWriter current = open;
    if (current == null) {
      openPath = path.apply(subParts++);
      current = writers.write(files.begin(openPath));
      open = current;
    }
    current.write(row);
    rows++;
    documents += row.documents();
    tokens += row.count;
  }

  public void finish() throws IOException {
    ParquetShardWriter finished = open;
    if (finished != null) {
      open = null;
      finished.close();
      files.finish(openPath, documents, tokens);
      rows = 0;
      documents = 0;
      tokens = 0;
    }
  }

  /** Records in the unit's receipt that the last id of the last row is text. */
  void noteTextEnd() {
    files.textEnd(openPath, rows - 1);
  }

  /** Drops the open shard; the owner of the unit's files deletes its file. */
  @Override
  public void close() throws IOException {
    ParquetShardWriter unfinished = open;
    if (unfinished != null) {
      unfinished.close();
    }
  }
}
