package org.merganser.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.PackedShardWriter;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardWriter;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;

/**
 * Packed or shuffled Parquet shards of a unit while they are written; a further one begins where a
 * row would pass the limit. Nothing is visible before {@link #publish}.
 */
final class ShardParts implements Closeable {
  private final OutputLayout layout;
  private final String folder;
  private final int unit;
  private final boolean packed;
  private final long maxTokens;
  private final Map<String, String> metadata;
  private final List<FileStore.Draft> drafts = new ArrayList<>();
  private final List<WrittenFile> files = new ArrayList<>();
  private @Nullable ShardWriter writer;
  private long documents;
  private long tokens;

  /**
   * @param folder relative to the output, with a final slash
   */
  ShardParts(
      OutputLayout layout,
      String folder,
      int unit,
      boolean packed,
      long maxTokens,
      Map<String, String> metadata) {
    this.layout = layout;
    this.folder = folder;
    this.unit = unit;
    this.packed = packed;
    this.maxTokens = maxTokens;
    this.metadata = metadata;
  }

  void write(ShardRow row) throws IOException {
    if (writer != null && tokens + row.count > maxTokens) {
      end();
    }
    ShardWriter current = writer;
    if (current == null) {
      current = begin();
      writer = current;
    }
    current.write(row);
    documents += row.documents();
    tokens += row.count;
  }

  private String path(int part) {
    return String.format(Locale.ROOT, "%spart-%07d-%03d.parquet", folder, unit, part);
  }

  private ShardWriter begin() throws IOException {
    String location = layout.at(path(drafts.size()));
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.add(draft);
    documents = 0;
    tokens = 0;
    return packed
        ? new PackedShardWriter(draft.file(), metadata)
        : new ParquetShardWriter(draft.file(), metadata);
  }

  private void end() throws IOException {
    ShardWriter finished = writer;
    if (finished != null) {
      writer = null;
      finished.close();
      int part = drafts.size() - 1;
      files.add(WrittenFile.of(drafts.get(part).file(), path(part), documents, tokens));
    }
  }

  /** Makes the shards visible and says what they are. */
  List<WrittenFile> publish() throws IOException {
    end();
    for (FileStore.Draft draft : drafts) {
      draft.publish();
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    try {
      ShardWriter open = writer;
      if (open != null) {
        open.close();
      }
    } finally {
      for (FileStore.Draft draft : drafts) {
        draft.close();
      }
    }
  }
}
