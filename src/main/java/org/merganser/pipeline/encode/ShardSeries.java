package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;

/**
 * The shards of a unit on one side of the split, one after the other. A shard begins with its first
 * row and is finished before the row that would make it too large; all parts of a document are in
 * one shard. Its rows go to a list of sinks: the canonical shard first, and then what is written
 * beside it.
 */
public final class ShardSeries implements Closeable {
  @FunctionalInterface
  public interface Writers {
    ParquetShardWriter write(Path file) throws IOException;
  }

  private final UnitFiles files;
  private final IntFunction<String> path;
  private final long maxTokens;
  private final List<RowSink> sinks = new ArrayList<>();
  private boolean open;
  private String openPath = "";
  private long rows;
  private long documents;
  private long tokens;
  private int subParts;

  /**
   * @param maxTokens a shard is finished before a document that would exceed this many ids
   */
  public ShardSeries(UnitFiles files, IntFunction<String> path, long maxTokens, Writers writers) {
    this(files, path, maxTokens, writers, List.of());
  }

  /**
   * @param beside what receives the rows after the Parquet shard
   */
  ShardSeries(
      UnitFiles files,
      IntFunction<String> path,
      long maxTokens,
      Writers writers,
      List<? extends RowSink> beside) {
    this.files = files;
    this.path = path;
    this.maxTokens = maxTokens;
    sinks.add(new ParquetSink(files, writers));
    sinks.addAll(beside);
  }

  private static final class ParquetSink implements RowSink {
    private final UnitFiles files;
    private final Writers writers;
    private String path = "";
    private @Nullable ParquetShardWriter open;

    ParquetSink(UnitFiles files, Writers writers) {
      this.files = files;
      this.writers = writers;
    }

    @Override
    public void begin(String shard) throws IOException {
      path = shard;
      open = writers.write(files.begin(shard));
    }

    @Override
    public void write(ShardRow row) throws IOException {
      Objects.requireNonNull(open).write(row);
    }

    @Override
    public void finish(long documents, long tokens) throws IOException {
      ParquetShardWriter finished = Objects.requireNonNull(open);
      open = null;
      files.finish(path, finished.finish(), documents, tokens);
    }

    @Override
    public void close() throws IOException {
      ParquetShardWriter unfinished = open;
      if (unfinished != null) {
        unfinished.close();
      }
    }
  }

  public void write(ShardRow row) throws IOException {
    if (tokens + row.count > maxTokens && row.part == 0) {
      finish();
    }
    if (!open) {
      openPath = path.apply(subParts++);
      open = true;
      for (RowSink sink : sinks) {
        sink.begin(openPath);
      }
    }
    for (RowSink sink : sinks) {
      sink.write(row);
    }
    rows++;
    documents += row.documents();
    tokens += row.count;
  }

  public void finish() throws IOException {
    if (open) {
      open = false;
      for (RowSink sink : sinks) {
        sink.finish(documents, tokens);
      }
      rows = 0;
      documents = 0;
      tokens = 0;
    }
  }

  /** Records in the unit's receipt that the last id of the last row is text. */
  void noteTextEnd() {
    files.addTextEnd(openPath, rows - 1);
  }

  /** Drops the open files; the owner of the unit's files deletes them. */
  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (RowSink sink : sinks) {
      try {
        sink.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
