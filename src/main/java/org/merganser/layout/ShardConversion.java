package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * Converts Parquet shards of documents or of packed sequences to another layout, and decides where
 * parts end; a {@link PartWriter} writes the files of each. A part from one shard has the shard's
 * name and its rows in order: row k of the part is row k of the shard. If a limit divides the
 * shard, parts are numbered {@code NAME-000}, {@code NAME-001}, ...; a row is never cut. Merged
 * shards result in the same part as one shard with all their rows. Memory: a row and some buffers,
 * for parts of any size.
 */
public final class ShardConversion {
  /** The suffix of the file with the origin of a part's ids, by {@link ShardIndexWriter}. */
  public static final String INDEX_SUFFIX = ".index.parquet";

  /**
   * The suffix that the loss mask adds to the name of the file with the ids. The mask is a byte of
   * 0 or 1 for each id, like numpy's bool, with a 0 for ids that fill a packed sequence. datatrove
   * writes the same file by {@code save_loss_metadata}, and OLMo-core reads it as one of its {@code
   * label_mask_paths}.
   */
  public static final String MASK_SUFFIX = ".loss";

  private final ShardLayout layout;
  private final ShardLayout.IdSettings settings;

  /** The maximum ids of a part; only a part of one row may have more. */
  private final long maxTokens;

  /** Provides a shard as a local file when it is needed. */
  @FunctionalInterface
  public interface Shard {
    /** The local file of the shard. */
    Path file() throws IOException;
  }

  /** Provides the local file for each file of a part; called once for each. */
  @FunctionalInterface
  public interface Files {
    /** The path to write to, by the name of a part and the suffix of a file. */
    Path file(String part, String suffix) throws IOException;
  }

  /**
   * A part that was written.
   *
   * @param name the name of its files without suffix
   * @param suffixes the suffixes of the names of its files; the first file has the ids
   * @param documents the number of documents that begin in it
   * @param tokens the number of ids of documents, without ids that fill sequences
   * @param sums the sums by suffix, of the files that were written in order: all but those whose
   *     header has a count
   */
  public record Converted(
      String name, List<String> suffixes, long documents, long tokens, Map<String, FileSum> sums) {}

  /**
   * Limits of a part that the layout does not set itself.
   *
   * @param tokens the maximum ids, at least 1; null for no limit
   * @param bytes the maximum bytes of ids, at least 1; null for no limit
   */
  public record Limits(@Nullable Long tokens, @Nullable Long bytes) {
    /** Only the limit of the layout holds. */
    public static final Limits NONE = new Limits(null, null);
  }

  /**
   * @param layout the layout of the parts
   * @param settings the ids of all shards
   * @param limits hold beside the limit of the layout
   */
  public ShardConversion(ShardLayout layout, ShardLayout.IdSettings settings, Limits limits) {
    this.layout = layout;
    this.settings = settings;
    long limit = layout.defaultPartTokens();
    if (limits.tokens != null) {
      limit = Math.min(limit, limits.tokens);
    }
    if (limits.bytes != null) {
      int idBytes = layout.width(settings.bound()).bytes();
      limit = Math.min(limit, Math.max(1, limits.bytes / idBytes));
    }
    this.maxTokens = limit;
  }

  /** The maximum ids of a part; a part of one row may have more. */
  public long maxTokens() {
    return maxTokens;
  }

  /**
   * The number of ids that a shard takes in the layout, with those that fill sequences; reads only
   * its footer.
   */
  public long tokens(Path shard) throws IOException {
    try (ShardReader in = new ShardReader(shard)) {
      if (layout.fillsSequences() && settings.sequenceLength() > 0) {
        return Math.multiplyExact(in.rows(), settings.sequenceLength());
      }
      return in.tokens();
    }
  }

  /**
   * Converts {@code shard} into parts.
   *
   * @param name the name of the part; of several parts, the name before their numbers
   * @return the parts, in the order of their rows
   * @throws UnusableFileException for a damaged shard, an id outside the vocabulary, or a document
   *     longer than the limit of the layout's readers
   */
  public List<Converted> convert(Path shard, Files files, String name) throws IOException {
    boolean isDivided = tokens(shard) > maxTokens;
    return convertAll(
        List.of(() -> shard), files, number -> isDivided ? numbered(name, number) : name);
  }

  /**
   * Converts the rows of all {@code shards}, in order, into parts named {@code NAME-000}, {@code
   * NAME-001}, ..., also if there is only one.
   *
   * @throws UnusableFileException in the cases of {@link #convert}
   */
  public List<Converted> merge(List<Shard> shards, Files files, String name) throws IOException {
    return convertAll(shards, files, number -> numbered(name, number));
  }

  /**
   * Begins the part of a shard that is being written.
   *
   * @param metadata the metadata of the shard
   * @param masked whether its rows have a loss mask
   */
  public DirectPart beginDirect(
      Files files, String name, Map<String, String> metadata, boolean masked) throws IOException {
    return new DirectPart(newPart(files, name, metadata, masked));
  }

  private static String numbered(String name, int number) {
    return String.format(Locale.ROOT, "%s-%03d", name, number);
  }

  /**
   * Converts the rows of all shards, in order.
   *
   * @param names the name of each part by its number
   */
  private List<Converted> convertAll(List<Shard> shards, Files files, IntFunction<String> names)
      throws IOException {
    try (PartSeries parts = new PartSeries(files, names)) {
      ShardRow row = new ShardRow();
      for (Shard shard : shards) {
        Path file = shard.file();
        try (ShardReader in = new ShardReader(file)) {
          parts.open(in); // a shard without rows has a part as well
          while (in.next(row)) {
            requireNotTooLong(row, file);
            parts.write(row, in);
          }
        }
      }
      return parts.finish();
    }
  }

  /** Requires that the layout's readers accept a file with all ids of a row. */
  private void requireNotTooLong(ShardRow row, Path shard) {
    if (layout.writtenIds(row, settings) > layout.maxFileTokens()) {
      throw new UnusableFileException(
          "%s: document \"%s\" has %s ids, %s files hold %s"
              .formatted(
                  shard, row.docId, row.count, layout.shape().name(), layout.maxFileTokens()));
    }
  }

  /**
   * Begins a part.
   *
   * @param metadata the metadata of its first shard
   */
  private PartWriter newPart(Files files, String name, Map<String, String> metadata, boolean masked)
      throws IOException {
    Map<String, String> others = ShardColumns.metadataWithoutColumns(metadata);
    return new PartWriter(layout, settings, name, files, others, masked);
  }

  /** The parts of one conversion, of which one is open. */
  private final class PartSeries implements Closeable {
    private final Files files;
    private final IntFunction<String> names;
    private final List<Converted> finished = new ArrayList<>();

    /** The open part; null if none is open. */
    private @Nullable PartWriter part;

    PartSeries(Files files, IntFunction<String> names) {
      this.files = files;
      this.names = names;
    }

    /** The open part; if none is open, a new one with the columns of the shard. */
    PartWriter open(ShardReader shard) throws IOException {
      if (part == null) {
        boolean masked = shard.columns().name(ShardColumn.LOSS_MASK) != null;
        part = newPart(files, names.apply(finished.size()), shard.metadata(), masked);
      }
      return part;
    }

    /** Appends a row of the shard to the open part, or to a new one if it does not fit. */
    void write(ShardRow row, ShardReader shard) throws IOException {
      PartWriter open = open(shard);
      if (!open.isEmpty() && !open.hasRoomFor(row, maxTokens)) {
        end();
      }
      open(shard).write(row);
    }

    List<Converted> finish() throws IOException {
      end();
      return finished;
    }

    /** Finishes the open part. */
    private void end() throws IOException {
      if (part != null) {
        finished.add(part.finish());
        part = null;
      }
    }

    @Override
    public void close() throws IOException {
      if (part != null) {
        part.close();
      }
    }
  }

  /**
   * A part that is written while its shard is written. It has the bytes that {@link #convert} makes
   * of the shard, unless the shard would have to be divided: then {@link #write} returns false, and
   * the shard is converted once it exists.
   */
  public final class DirectPart implements Closeable {
    private final PartWriter part;

    private DirectPart(PartWriter part) {
      this.part = part;
    }

    /**
     * Appends a row and returns true; returns false if it does not fit, and the part is useless.
     */
    public boolean write(ShardRow row) throws IOException {
      boolean fits =
          layout.writtenIds(row, settings) <= layout.maxFileTokens()
              && part.hasRoomFor(row, maxTokens);
      if (fits) {
        part.write(row);
      }
      return fits;
    }

    /** Completes and closes the files of the part. */
    public Converted finish() throws IOException {
      return part.finish();
    }

    @Override
    public void close() throws IOException {
      part.close();
    }
  }
}
