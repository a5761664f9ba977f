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
 * The Parquet shards of a unit on one side of the split, one after the other. A shard is begun with
 * its first row and finished before the one that would make it too large; the parts of a document
 * stay together.
 */
public final class ShardSeries implements Closeable {
  /** Begins a shard in a file. */
  @FunctionalInterface
  public interface Writers {
    ParquetShardWriter write(Path file) throws IOException;
  }

  private final UnitFiles files;
  private final IntFunction<String> path;
  private final long maxTokens;
  private final Writers writers;
  private @Nullable Open open;
  private int subParts;

  /**
   * @param files of the unit
   * @param path of the nth shard
   * @param maxTokens a shard is finished before a document that would take it past this many ids
   */
  public ShardSeries(UnitFiles files, IntFunction<String> path, long maxTokens, Writers writers) {
    this.files = files;
    this.path = path;
    this.maxTokens = maxTokens;
    this.writers = writers;
  }

  private static final class Open {
    final ParquetShardWriter writer;
    final String path;
    long documents;
    long tokens;

    Open(ParquetShardWriter writer, String path) {
      this.writer = writer;
      this.path = path;
    }
  }

  /** Appends a document or a part of one. */
  public void write(ShardRow row) throws IOException {
    Open current = open;
    if (current != null && current.tokens + row.count > maxTokens && row.part == 0) {
      finish();
      current = null;
    }
    if (current == null) {
      current = begin();
      open = current;
    }
    current.writer.write(row);
    current.documents += row.documents();
    current.tokens += row.count;
  }

  private Open begin() throws IOException {
    String relative = path.apply(subParts++);
    return new Open(writers.write(files.begin(relative)), relative);
  }

  /** Finishes the shard that is open, if there is one. */
  public void finish() throws IOException {
    Open finished = open;
    if (finished != null) {
      open = null;
      finished.writer.close();
      files.finish(finished.path, finished.documents, finished.tokens);
    }
  }

  /** Gives up the shard that is open; its file is left to whoever has the unit's files. */
  @Override
  public void close() throws IOException {
    Open unfinished = open;
    if (unfinished != null) {
      unfinished.writer.close();
    }
  }
}
