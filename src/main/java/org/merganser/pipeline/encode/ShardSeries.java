package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;

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

  private final OutputLayout layout;
  private final IntFunction<String> path;
  private final long maxTokens;
  private final Writers writers;
  private @Nullable Open open;
  private int subParts;

  /**
   * @param path of the nth shard
   * @param maxTokens a shard is finished before a document that would take it past this many ids
   */
  public ShardSeries(
      OutputLayout layout, IntFunction<String> path, long maxTokens, Writers writers) {
    this.layout = layout;
    this.path = path;
    this.maxTokens = maxTokens;
    this.writers = writers;
  }

  private static final class Open {
    final FileStore.Draft draft;
    final ParquetShardWriter writer;
    final String path;
    long documents;
    long tokens;

    Open(FileStore.Draft draft, ParquetShardWriter writer, String path) {
      this.draft = draft;
      this.writer = writer;
      this.path = path;
    }
  }

  /**
   * Appends a document or a part of one.
   *
   * @param drafts get what is begun
   * @param files get what is finished
   */
  public void write(ShardRow row, List<FileStore.Draft> drafts, List<WrittenFile> files)
      throws IOException {
    Open current = open;
    if (current != null && current.tokens + row.count > maxTokens && row.part == 0) {
      finish(files);
      current = null;
    }
    if (current == null) {
      current = begin(drafts);
      open = current;
    }
    current.writer.write(row);
    current.documents += row.documents();
    current.tokens += row.count;
  }

  private Open begin(List<FileStore.Draft> drafts) throws IOException {
    String relative = path.apply(subParts++);
    String location = layout.at(relative);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.add(draft);
    return new Open(draft, writers.write(draft.file()), relative);
  }

  /** Finishes the shard that is open, if there is one. */
  public void finish(List<WrittenFile> files) throws IOException {
    Open finished = open;
    if (finished != null) {
      open = null;
      finished.writer.close();
      files.add(
          WrittenFile.of(
              finished.draft.file(), finished.path, finished.documents, finished.tokens));
    }
  }

  /** Gives up the shard that is open; its draft is closed by whoever has it. */
  @Override
  public void close() throws IOException {
    Open unfinished = open;
    if (unfinished != null) {
      unfinished.writer.close();
    }
  }
}
