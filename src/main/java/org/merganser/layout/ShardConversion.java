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
  public static final String INDEX_SUFFIX = ".index.parquet";

  /**
   * The suffix that the loss mask adds to the name of the file with the ids. The mask is a byte of
   * 0 or 1 for each id, like numpy's bool, with a 0 for ids that fill a packed sequence. datatrove
   * writes the same file by {@code save_loss_metadata}, and OLMo-core reads it as one of its {@code
   * label_mask_paths}.
   */
  public static final String MASK_SUFFIX = ".loss";

  private final ShardLayout layout;
  private final ShardLayout.Ids vocabulary;
  private final long maxTokens;

  /**
   * @param vocabulary the bound of the ids, and the length of sequences
   * @param maxTokens the maximum ids of a part, or 0 for the layout's own limit
   * @param maxBytes the maximum bytes of ids of a part, or 0
   */
  public ShardConversion(
      ShardLayout layout, ShardLayout.Ids vocabulary, long maxTokens, long maxBytes) {
    this.layout = layout;
    this.vocabulary = vocabulary;
    long most = layout.partTokens();
    if (maxTokens > 0) {
      most = Math.min(most, maxTokens);
    }
    this.maxTokens =
        maxBytes > 0
            ? Math.min(most, Math.max(1, maxBytes / layout.width(vocabulary.bound()).bytes()))
            : most;
  }

  public long maxTokens() {
    return maxTokens;
  }

  /** Provides a shard as a local file when it is needed. */
  @FunctionalInterface
  public interface Shard {
    Path file() throws IOException;
  }

  /** Provides the local file for each file of a part; called once for each. */
  @FunctionalInterface
  public interface Files {
    Path file(String part, String suffix) throws IOException;
  }

  /**
   * A part that was written.
   *
   * @param name without suffix
   * @param suffixes of the names of its files; the first file has the ids
   * @param documents that begin in it
   * @param tokens ids of documents, without ids that fill sequences
   * @param sums by suffix, of the files that were written in order: all but those whose header has
   *     a count
   */
  public record Converted(
      String name, List<String> suffixes, long documents, long tokens, Map<String, FileSum> sums) {}

  /**
   * Converts {@code shard} into parts.
   *
   * @throws UnusableFileException for a damaged shard, an id outside the vocabulary, or a document
   *     longer than the limit of the layout's readers
   */
  public List<Converted> convert(Path shard, Files files, String name) throws IOException {
    boolean cut = tokens(shard) > maxTokens;
    return convert(
        List.of(() -> shard),
        files,
        number -> cut ? String.format(Locale.ROOT, "%s-%03d", name, number) : name);
  }

  /**
   * Converts the rows of all {@code shards}, in order, into parts named {@code NAME-000}, {@code
   * NAME-001}, ...
   *
   * @throws UnusableFileException as {@link #convert}
   */
  public List<Converted> merge(List<Shard> shards, Files files, String name) throws IOException {
    return convert(shards, files, number -> String.format(Locale.ROOT, "%s-%03d", name, number));
  }

  private List<Converted> convert(List<Shard> shards, Files files, IntFunction<String> names)
      throws IOException {
    List<Converted> finished = new ArrayList<>();
    OpenPart part = null;
    try {
      ShardRow row = new ShardRow();
      for (Shard shard : shards) {
        Path file = shard.file();
        try (ShardReader in = new ShardReader(file)) {
          if (part == null) {
            part = begin(names.apply(finished.size()), files, in);
          }
          while (in.next(row)) {
            refuseTooLong(row, file);
            if (!part.takes(row)) {
              finished.add(part.finish());
              part = null; // already closed
              part = begin(names.apply(finished.size()), files, in);
            }
            part.write(row);
          }
        }
      }
      if (part != null) {
        finished.add(part.finish());
        part = null;
      }
      return finished;
    } finally {
      if (part != null) {
        part.close();
      }
    }
  }

  private OpenPart begin(String name, Files files, ShardReader of) throws IOException {
    boolean masked = of.columns().name(ShardColumn.LOSS_MASK) != null;
    return new OpenPart(name, files, ShardColumns.without(of.metadata()), masked);
  }

  /**
   * A part that is written while its shard is written. It has the bytes that {@link #convert} makes
   * of the shard, unless the shard would have to be divided: then {@link #write} says so, and the
   * shard is converted once it exists.
   */
  public final class Beside implements Closeable {
    private final OpenPart part;

    private Beside(OpenPart part) {
      this.part = part;
    }

    /** Appends a row; false if it does not fit. */
    public boolean write(ShardRow row) throws IOException {
      boolean fits =
          written(row) <= layout.maxTokens()
              && part.ids + written(row) <= maxTokens
              && part.takes(row);
      if (fits) {
        part.write(row);
      }
      return fits;
    }

    public Converted finish() throws IOException {
      return part.finish();
    }

    @Override
    public void close() throws IOException {
      part.close();
    }
  }

  /**
   * Begins the part of a shard that is being written.
   *
   * @param metadata of the shard
   * @param masked whether its rows have a loss mask
   */
  public Beside beside(Files files, String name, Map<String, String> metadata, boolean masked)
      throws IOException {
    return new Beside(new OpenPart(name, files, ShardColumns.without(metadata), masked));
  }

  private void refuseTooLong(ShardRow row, Path shard) {
    if (written(row) > layout.maxTokens()) {
      throw new UnusableFileException(
          "%s: document \"%s\" has %s ids, %s files hold %s"
              .formatted(shard, row.docId, row.count, layout.shape().name(), layout.maxTokens()));
    }
  }

  private long written(ShardRow row) {
    return layout.fillsSequences() ? Math.max(row.count, vocabulary.sequenceLength()) : row.count;
  }

  /** The number of ids of the shard with filling; reads only its footer. */
  public long tokens(Path shard) throws IOException {
    try (ShardReader in = new ShardReader(shard)) {
      if (layout.fillsSequences() && vocabulary.sequenceLength() > 0) {
        return Math.multiplyExact(in.rows(), vocabulary.sequenceLength());
      }
      return in.tokens();
    }
  }

  private final class OpenPart implements Closeable {
    private final String name;
    private final ShardLayout.Part part;
    private final ShardIndexWriter index;
    private final @Nullable IdFile mask;
    private long ids;
    private long rows;
    private long documents;
    private long tokens;

    OpenPart(String name, Files files, Map<String, String> metadata, boolean masked)
        throws IOException {
      this.name = name;
      if (masked && !layout.shape().hasMask()) {
        throw new UnusableFileException(
            layout.shape().name() + " has no place for the loss mask of " + name);
      }
      this.part = layout.newPart(suffix -> files.file(name, suffix), vocabulary, metadata);
      this.index = new ShardIndexWriter(files.file(name, INDEX_SUFFIX), indexMetadata(metadata));
      this.mask =
          masked
              ? new IdFile(
                  files.file(name, maskSuffix()),
                  IdWidth.UINT8,
                  layout.maskHeader(vocabulary, 0).length)
              : null;
    }

    private Map<String, String> indexMetadata(Map<String, String> metadata) {
      Map<String, String> all = new TreeMap<>(metadata);
      all.put(
          ShardIndexWriter.ID_BYTES, Integer.toString(layout.width(vocabulary.bound()).bytes()));
      return all;
    }

    private String maskSuffix() {
      return layout.shape().suffixes().get(0) + MASK_SUFFIX;
    }

    /** Whether a row still fits; if not, the part must end before it. */
    boolean takes(ShardRow row) {
      return rows == 0 || ids + written(row) <= maxTokens && part.takes(row);
    }

    /**
     * Appends a row, which must have the columns with which the part began.
     *
     * @throws UnusableFileException for an id outside the vocabulary
     */
    void write(ShardRow row) throws IOException {
      vocabulary.require(row, name);
      part.write(row);
      index.add(row, ids);
      if (mask != null) {
        mask.write(Objects.requireNonNull(row.mask, "a row has no loss mask"), row.count);
        mask.repeat(0, Math.toIntExact(written(row) - row.count));
      }
      ids += written(row);
      rows++;
      documents += row.documents();
      tokens += row.count;
    }

    Converted finish() throws IOException {
      Map<String, FileSum> sums = new TreeMap<>(part.finish());
      List<String> suffixes = new ArrayList<>(layout.shape().suffixes());
      suffixes.add(INDEX_SUFFIX);
      if (mask != null) {
        FileSum sum = mask.finish(layout.maskHeader(vocabulary, mask.count()));
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
