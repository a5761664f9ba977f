package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.Closing;

/**
 * The shards of a unit on one side of the split, one after the other. A shard begins with its first
 * row and is finished before a document whose first part would make it too large; all parts of a
 * document are in one shard, however many ids the later ones have. Its rows go to a list of sinks:
 * the canonical shard first, and then what is written beside it. {@link #write} is called for each
 * row, {@link #finish} after the last one, and {@link #close} always.
 */
public final class ShardSeries implements Closeable {
  /** Opens the writer of a canonical shard. */
  @FunctionalInterface
  public interface WriterFactory {
    /**
     * Opens a writer.
     *
     * @param file a local path at which no file exists
     */
    ParquetShardWriter open(Path file) throws IOException;
  }

  private final UnitFiles files;

  /** The path of a shard, by its number in the series. */
  private final IntFunction<String> path;

  private final long maxTokens;

  /** The canonical shard, and then what is written beside it. */
  private final List<RowSink> sinks = new ArrayList<>();

  /** The number of shards that were begun. */
  private int begun;

  /** Whether a shard is open: it has rows, and is not finished. */
  private boolean open;

  /** The path of the open shard, or of the last one. */
  private String openPath = "";

  // The counts of the open shard.

  private long rows;
  private long documents;
  private long tokens;

  /**
   * @param files of the unit
   * @param path of a shard by its number in the series
   * @param maxTokens a shard is finished before a document whose first part would make it exceed
   *     this many ids
   * @param writers opens the writer of each shard
   */
  public ShardSeries(
      UnitFiles files, IntFunction<String> path, long maxTokens, WriterFactory writers) {
    this(files, path, maxTokens, writers, List.of());
  }

  /**
   * As the other constructor, with more sinks.
   *
   * @param beside receive the rows after the canonical shard
   */
  ShardSeries(
      UnitFiles files,
      IntFunction<String> path,
      long maxTokens,
      WriterFactory writers,
      List<? extends RowSink> beside) {
    this.files = files;
    this.path = path;
    this.maxTokens = maxTokens;
    sinks.add(new ParquetSink(files, writers));
    sinks.addAll(beside);
  }

  /** Writes the next row, after finishing the open shard if the row does not fit into it. */
  public void write(ShardRow row) throws IOException {
    boolean mayBeginShard = row.part == 0;
    if (mayBeginShard && tokens + row.count > maxTokens) {
      finish();
    }
    if (!open) {
      begin();
    }
    for (RowSink sink : sinks) {
      sink.write(row);
    }
    rows++;
    documents += row.documents();
    tokens += row.count;
  }

  /** Completes the open shard, if there is one. */
  public void finish() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    for (RowSink sink : sinks) {
      sink.finish(documents, tokens);
    }
    rows = 0;
    documents = 0;
    tokens = 0;
  }

  /**
   * Records in the unit's receipt that the last id of the last row is text, although it equals the
   * end-of-document id; called after {@link #write} of the row.
   */
  void noteTextEnd() {
    files.addTextEnd(openPath, rows - 1);
  }

  /** Drops the open files; the owner of the unit's files deletes them. */
  @Override
  public void close() throws IOException {
    Closing.all(sinks);
  }

  /** Begins the next shard in all sinks. */
  private void begin() throws IOException {
    openPath = path.apply(begun);
    begun++;
    open = true;
    for (RowSink sink : sinks) {
      sink.begin(openPath);
    }
  }

  /** Writes the canonical shards. */
  private static final class ParquetSink implements RowSink {
    private final UnitFiles files;
    private final WriterFactory writers;

    /** The path of the open shard, or of the last one. */
    private String path = "";

    /** Writes the open shard; null between shards. */
    private @Nullable ParquetShardWriter writer;

    ParquetSink(UnitFiles files, WriterFactory writers) {
      this.files = files;
      this.writers = writers;
    }

    @Override
    public void begin(String shard) throws IOException {
      path = shard;
      writer = writers.open(files.begin(shard));
    }

    @Override
    public void write(ShardRow row) throws IOException {
      Objects.requireNonNull(writer).write(row);
    }

    @Override
    public void finish(long documents, long tokens) throws IOException {
      FileSum sum = Objects.requireNonNull(writer).finish();
      writer = null;
      files.finish(path, sum, documents, tokens);
    }

    @Override
    public void close() throws IOException {
      ParquetShardWriter unfinished = writer;
      writer = null;
      if (unfinished != null) {
        unfinished.close();
      }
    }
  }
}
