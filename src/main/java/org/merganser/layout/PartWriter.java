package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * Writes the files of a part: those of its layout, an index with the origin of the ids ({@link
 * ShardIndexWriter}) and, if the shards have one, the loss mask.
 */
final class PartWriter implements Closeable {
  private final ShardLayout layout;
  private final ShardLayout.IdSettings settings;
  private final String name;
  private final ShardLayout.Part part;
  private final ShardIndexWriter index;

  /** The loss mask; null if the rows have none. */
  private final @Nullable IdFile mask;

  /** The ids in the file of ids, with those that fill sequences. */
  private long ids;

  /** The rows that were written: documents, parts of documents, or packed sequences. */
  private long rows;

  /** The documents that begin in the part. */
  private long documents;

  /** The ids of documents. */
  private long tokens;

  /**
   * @param name the name of the part
   * @param metadata the metadata of the part's shards
   * @param masked whether the rows have a loss mask
   * @throws UnusableFileException if they have one, and the layout has no place for it
   */
  PartWriter(
      ShardLayout layout,
      ShardLayout.IdSettings settings,
      String name,
      ShardConversion.Files files,
      Map<String, String> metadata,
      boolean masked)
      throws IOException {
    if (masked && layout.shape().lossMask() == ShardLayout.LossMask.REFUSED) {
      throw new UnusableFileException(
          layout.shape().name() + " has no place for the loss mask of " + name);
    }
    this.layout = layout;
    this.settings = settings;
    this.name = name;
    this.part = layout.newPart(suffix -> files.file(name, suffix), settings, metadata);
    this.index =
        new ShardIndexWriter(
            files.file(name, ShardConversion.INDEX_SUFFIX), indexMetadata(metadata));
    this.mask = masked ? newMask(files) : null;
  }

  /** The metadata of the part's shards, with the size of an id. */
  private Map<String, String> indexMetadata(Map<String, String> metadata) {
    int idBytes = layout.width(settings.bound()).bytes();
    Map<String, String> all = new TreeMap<>(metadata);
    all.put(ShardIndexWriter.ID_BYTES, Integer.toString(idBytes));
    return all;
  }

  private IdFile newMask(ShardConversion.Files files) throws IOException {
    int headerBytes = layout.maskHeader(settings, 0).length;
    return new IdFile(files.file(name, maskSuffix()), IdWidth.UINT8, headerBytes);
  }

  private String maskSuffix() {
    return layout.shape().suffixes().get(0) + ShardConversion.MASK_SUFFIX;
  }

  /** Whether no row was written. */
  boolean isEmpty() {
    return rows == 0;
  }

  /**
   * Whether the part has at most {@code maxTokens} ids with a further row, which its files take.
   */
  boolean hasRoomFor(ShardRow row, long maxTokens) {
    return ids + layout.writtenIds(row, settings) <= maxTokens && part.takes(row);
  }

  /**
   * Appends a row, which must have the columns with which the part began.
   *
   * @throws UnusableFileException for an id outside the vocabulary
   */
  void write(ShardRow row) throws IOException {
    settings.requireBelowBound(row, name);
    long writtenIds = layout.writtenIds(row, settings);
    part.write(row);
    index.add(row, ids);
    if (mask != null) {
      mask.write(Objects.requireNonNull(row.mask, "a row has no loss mask"), row.count);
      mask.repeat(0, Math.toIntExact(writtenIds - row.count));
    }
    ids += writtenIds;
    rows++;
    documents += row.documents();
    tokens += row.count;
  }

  /** Completes and closes all files. */
  ShardConversion.Converted finish() throws IOException {
    Map<String, FileSum> sums = new TreeMap<>(part.finish());
    List<String> suffixes = new ArrayList<>(layout.shape().suffixes());
    suffixes.add(ShardConversion.INDEX_SUFFIX);
    if (mask != null) {
      FileSum sum = mask.finish(layout.maskHeader(settings, mask.count()));
      if (sum != null) {
        sums.put(maskSuffix(), sum);
      }
      suffixes.add(maskSuffix());
    }
    close();
    sums.put(ShardConversion.INDEX_SUFFIX, index.sum());
    return new ShardConversion.Converted(name, suffixes, documents, tokens, sums);
  }

  @Override
  public void close() throws IOException {
    try (part;
        mask) {
      index.close();
    }
  }
}
