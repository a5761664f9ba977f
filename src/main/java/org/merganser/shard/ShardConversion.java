package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes another layout from one canonical shard. A part has the shard's name, and holds its rows in
 * order, so entry k leads back to row k of the shard, with file and offset there. Where a limit
 * cuts the shard, parts are numbered {@code NAME-000}, {@code NAME-001}, ...; a row is never cut.
 */
public final class ShardConversion {
  private final ShardLayout layout;
  private final int bound;
  private final long maxTokens;

  /**
   * @param bound one more than the largest id of the vocabulary
   * @param maxTokens ids a part at most, or 0 for the layout's own limit
   * @param maxBytes of ids a part at most, or 0
   */
  public ShardConversion(ShardLayout layout, int bound, long maxTokens, long maxBytes) {
    this.layout = layout;
    this.bound = bound;
    long limit = layout.maxTokens();
    limit = maxTokens > 0 ? Math.min(limit, maxTokens) : limit;
    limit = maxBytes > 0 ? Math.min(limit, Math.max(1, maxBytes / layout.idBytes(bound))) : limit;
    this.maxTokens = limit;
  }

  /** A part that was written: its name without suffix, and what it holds. */
  public record Converted(String name, long rows, long documents, long tokens) {}

  /**
   * Converts {@code shard} into parts in {@code folder}.
   *
   * @throws ShardException for a damaged shard, an id beyond the vocabulary, a document longer than
   *     the layout's readers can take
   */
  public List<Converted> convert(Path shard, Path folder, String name) throws IOException {
    boolean cut = tokens(shard) > maxTokens;
    List<Converted> parts = new ArrayList<>();
    ShardLayout.Part part = null;
    try (ParquetShardReader in = new ParquetShardReader(shard)) {
      Tally tally = new Tally();
      ShardRow row = new ShardRow();
      while (in.next(row)) {
        if (row.count > layout.maxTokens()) {
          throw new ShardException(
              shard
                  + ": document \""
                  + row.docId
                  + "\" has "
                  + row.count
                  + " ids, "
                  + layout.name()
                  + " files hold "
                  + layout.maxTokens());
        }
        if (part != null && tally.tokens + row.count > maxTokens) {
          parts.add(finish(part, tally));
          part = null;
        }
        if (part == null) {
          tally = new Tally();
          tally.name = cut ? String.format(Locale.ROOT, "%s-%03d", name, parts.size()) : name;
          part = layout.newPart(folder, tally.name, bound, in.metadata());
        }
        part.write(row);
        tally.add(row);
      }
      if (part == null) {
        tally = new Tally();
        tally.name = name;
        part = layout.newPart(folder, name, bound, in.metadata());
      }
      ShardLayout.Part last = part;
      part = null;
      parts.add(finish(last, tally));
    } finally {
      closeUnfinished(part);
    }
    return List.copyOf(parts);
  }

  private static void closeUnfinished(ShardLayout.@Nullable Part part) throws IOException {
    if (part != null) {
      part.close();
    }
  }

  private static Converted finish(ShardLayout.Part part, Tally tally) throws IOException {
    try (part) {
      part.finish();
    }
    return new Converted(tally.name, tally.rows, tally.documents, tally.tokens);
  }

  private static long tokens(Path shard) throws IOException {
    try (ColumnarReader in = new ColumnarReader(shard)) {
      return in.footer().getBlocks().stream()
          .flatMap(rowGroup -> rowGroup.getColumns().stream())
          .filter(chunk -> chunk.getPath().toDotString().startsWith("token_ids."))
          .mapToLong(chunk -> chunk.getValueCount() - Math.max(0, nulls(chunk)))
          .sum();
    }
  }

  private static long nulls(org.apache.parquet.hadoop.metadata.ColumnChunkMetaData chunk) {
    return chunk.getStatistics().getNumNulls();
  }

  private static final class Tally {
    private String name = "";
    private long rows;
    private long documents;
    private long tokens;

    void add(ShardRow row) {
      rows++;
      documents += row.part == 0 ? 1 : 0;
      tokens += row.count;
    }
  }
}
