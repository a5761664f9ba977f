package org.merganser.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;

/**
 * The canonical shards of a unit on one side of the split, one after the other. A shard is begun
 * with its first document and finished before the one that would make it too large; the parts of a
 * document stay together.
 */
final class ShardSeries implements Closeable {
  /** A shard with this many ids is finished before the next document. */
  private static final long SHARD_TOKENS = 1L << 27;

  private final OutputLayout layout;
  private final IntFunction<String> path;
  private final Map<String, String> metadata;
  private @Nullable Open open;
  private int subParts;

  /**
   * @param path of the nth shard
   * @param metadata of each shard
   */
  ShardSeries(OutputLayout layout, IntFunction<String> path, Map<String, String> metadata) {
    this.layout = layout;
    this.path = path;
    this.metadata = metadata;
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
  void write(ShardRow row, List<FileStore.Draft> drafts, List<WrittenFile> files)
      throws IOException {
    Open current = open;
    if (current != null && current.tokens >= SHARD_TOKENS && row.part == 0) {
      finish(files);
      current = null;
    }
    if (current == null) {
      current = begin(drafts);
      open = current;
    }
    current.writer.write(row);
    current.documents += row.part == 0 ? 1 : 0;
    current.tokens += row.count;
  }

  private Open begin(List<FileStore.Draft> drafts) throws IOException {
    String relative = path.apply(subParts++);
    String location = layout.at(relative);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.add(draft);
    return new Open(draft, new ParquetShardWriter(draft.file(), metadata), relative);
  }

  /** Finishes the shard that is open, if there is one. */
  void finish(List<WrittenFile> files) throws IOException {
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
