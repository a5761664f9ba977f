package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * Converts Parquet shards of documents or of packed sequences to another layout. A part from one
 * shard has the shard's name and its rows in order, so entry k is row k of the shard. If a limit
 * divides the shard, parts are numbered {@code NAME-000}, {@code NAME-001}, ...; a row is never
 * cut. Merged shards result in the same part as one shard with all their rows. {@code
 * NAME.index.parquet} has the origin of the ids; a loss mask is also written next to the part.
 * Memory: a row and some buffers, for parts of any size.
 */
public final class ShardConversion {
  /** The suffix of the file with the origin of a part's ids. */
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
    /** The path to write to, for the name of a part and the suffix of a file. */
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
   * @param maxTokens the maximum ids of a part, or 0 for the layout's own limit
   * @param maxBytes the maximum bytes of ids of a part, or 0
   */
  public ShardConversion(
      ShardLayout layout, ShardLayout.IdSettings settings, long maxTokens, long maxBytes) {
    this.layout = layout;
    this.settings = settings;
    long most = layout.partTokens();
    if (maxTokens > 0) {
      most = Math.min(most, maxTokens);
    }
    if (maxBytes > 0) {
      most = Math.min(most, Math.max(1, maxBytes / idBytes()));
    }
    this.maxTokens = most;
  }

  /** The maximum ids of a part; a part of one row may have more. */
  public long maxTokens() {
    return maxTokens;
  }

  /** The number of ids that the shard has in the layout; reads only its footer. */
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
   * @throws UnusableFileException for a damaged shard, an id outside the vocabulary, or a document
   *     longer than the limit of the layout's readers
   */
  public List<Converted> convert(Path shard, Files files, String name) throws IOException {
    boolean isDivided = tokens(shard) > maxTokens;
    return convert(
        List.of(() -> shard), files, number -> isDivided ? numbered(name, number) : name);
  }

  /**
   * Converts the rows of all {@code shards}, in order, into parts named {@code NAME-000}, {@code
   * NAME-001}, ...
   *
   * @throws UnusableFileException as {@link #convert}
   */
  public List<Converted> merge(List<Shard> shards, Files files, String name) throws IOException {
    return convert(shards, files, number -> numbered(name, number));
  }

  private static String numbered(String name, int number) {
    return String.format(Locale.ROOT, "%s-%03d", name, number);
  }

  /**
   * @param names the name of each part by its number
   */
  private List<Converted> convert(List<Shard> shards, Files files, IntFunction<String> names)
      throws IOException {
    try (PartSeries parts = new PartSeries(files, names)) {
      ShardRow row = new ShardRow();
      for (Shard shard : shards) {
        Path file = shard.file();
        try (ShardReader in = new ShardReader(file)) {
          parts.open(in);
          while (in.next(row)) {
            requireNotTooLong(row, file);
            parts.write(row, in);
          }
        }
      }
      return parts.finish();
    }
  }

  private void requireNotTooLong(ShardRow row, Path shard) {
    if (writtenIds(row) > layout.maxTokens()) {
      throw new UnusableFileException(
          "%s: document \"%s\" has %s ids, %s files hold %s"
              .formatted(shard, row.docId, row.count, layout.shape().name(), layout.maxTokens()));
    }
  }

  /**
   * Begins the part of a shard that is being written.
   *
   * @param metadata the metadata of the shard
   * @param masked whether its rows have a loss mask
   */
  public DirectPart beginDirect(
      Files files, String name, Map<String, String> metadata, boolean masked) throws IOException {
    return new DirectPart(new OpenPart(name, files, ShardColumns.without(metadata), masked));
  }

  /** The number of ids that a row takes in a part. */
  private long writtenIds(ShardRow row) {
    return layout.fillsSequences() ? Math.max(row.count, settings.sequenceLength()) : row.count;
  }

  private int idBytes() {
    return layout.width(settings.bound()).bytes();
  }

  /** The parts of one conversion, of which one is open. */
  private final class PartSeries implements Closeable {
    private final Files files;
    private final IntFunction<String> names;
    private final List<Converted> finished = new ArrayList<>();
    private @Nullable OpenPart part;

    PartSeries(Files files, IntFunction<String> names) {
      this.files = files;
      this.names = names;
    }

    /** Begins a part if none is open; its columns are those of the shard. */
    OpenPart open(ShardReader shard) throws IOException {
      if (part == null) {
        boolean masked = shard.columns().name(ShardColumn.LOSS_MASK) != null;
        String name = names.apply(finished.size());
        part = new OpenPart(name, files, ShardColumns.without(shard.metadata()), masked);
      }
      return part;
    }

    /** Appends a row of the shard to the open part, or to a new one if it does not fit. */
    void write(ShardRow row, ShardReader shard) throws IOException {
      if (!open(shard).takes(row)) {
        end();
      }
      open(shard).write(row);
    }

    List<Converted> finish() throws IOException {
      end();
      return finished;
    }

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
    private final OpenPart part;

    private DirectPart(OpenPart part) {
      this.part = part;
    }

    /** Appends a row and returns true; false if it does not fit, and the part is of no use. */
    public boolean write(ShardRow row) throws IOException {
      long ids = writtenIds(row);
      boolean fits = ids <= layout.maxTokens() && part.ids + ids <= maxTokens && part.takes(row);
      if (fits) {
        part.write(row);
      }
      return fits;
    }

    /** Completes the files of the part. */
    public Converted finish() throws IOException {
      return part.finish();
    }

    @Override
    public void close() throws IOException {
      part.close();
    }
  }

  /** A part with its index and, if the shards have one, its loss mask. */
  private final class OpenPart implements Closeable {
    private final String name;
    private final ShardLayout.Part part;
    private final ShardIndexWriter index;
    private final @Nullable IdFile mask;

    /** The ids in the file, with those that fill sequences. */
    private long ids;

    private long rows;
    private long documents;

    /** The ids of documents. */
    private long tokens;

    OpenPart(String name, Files files, Map<String, String> metadata, boolean masked)
        throws IOException {
      this.name = name;
      if (masked && !layout.shape().hasMask()) {
        throw new UnusableFileException(
            layout.shape().name() + " has no place for the loss mask of " + name);
      }
      this.part = layout.newPart(suffix -> files.file(name, suffix), settings, metadata);
      this.index = new ShardIndexWriter(files.file(name, INDEX_SUFFIX), indexMetadata(metadata));
      this.mask = masked ? newMask(files) : null;
    }

    private Map<String, String> indexMetadata(Map<String, String> metadata) {
      Map<String, String> all = new TreeMap<>(metadata);
      all.put(ShardIndexWriter.ID_BYTES, Integer.toString(idBytes()));
      return all;
    }

    private IdFile newMask(Files files) throws IOException {
      int headerBytes = layout.maskHeader(settings, 0).length;
      return new IdFile(files.file(name, maskSuffix()), IdWidth.UINT8, headerBytes);
    }

    private String maskSuffix() {
      return layout.shape().suffixes().get(0) + MASK_SUFFIX;
    }

    /** Whether a row still fits; if not, the part must end before it. */
    boolean takes(ShardRow row) {
      return rows == 0 || (ids + writtenIds(row) <= maxTokens && part.takes(row));
    }

    /**
     * Appends a row, which must have the columns with which the part began.
     *
     * @throws UnusableFileException for an id outside the vocabulary
     */
    void write(ShardRow row) throws IOException {
      settings.requireBelowBound(row, name);
      part.write(row);
      index.add(row, ids);
      if (mask != null) {
        mask.write(Objects.requireNonNull(row.mask, "a row has no loss mask"), row.count);
        mask.repeat(0, Math.toIntExact(writtenIds(row) - row.count));
      }
      ids += writtenIds(row);
      rows++;
      documents += row.documents();
      tokens += row.count;
    }

    /** Completes and closes all files. */
    Converted finish() throws IOException {
      Map<String, FileSum> sums = new TreeMap<>(part.finish());
      List<String> suffixes = new ArrayList<>(layout.shape().suffixes());
      suffixes.add(INDEX_SUFFIX);
      if (mask != null) {
        FileSum sum = mask.finish(layout.maskHeader(settings, mask.count()));
        if (sum != null) {
          sums.put(maskSuffix(), sum);
        }
        suffixes.add(maskSuffix());
      }
      close();
      sums.put(INDEX_SUFFIX, index.sum());
      return new Converted(name, suffixes, documents, tokens, sums);
    }

    @Override
    public void close() throws IOException {
      try (part;
          mask) {
        index.close();
      }
    }
  }
}
