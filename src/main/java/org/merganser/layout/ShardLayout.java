package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * A layout of id shards for another tool, converted from canonical shards without the text. {@link
 * ShardFormat} has one for each name in a job.
 */
public abstract class ShardLayout {
  private final Shape shape;

  /** How a layout writes packed sequences. */
  public enum Sequences {
    /** Filled to their length, because the layout has no lengths. */
    FILLED,
    /** With the ids that they have. */
    AS_PACKED,
    /** Not at all: its readers expect documents and pack them. */
    NONE
  }

  /**
   * @param name for messages; {@code llmc} is {@code bin} with a header
   * @param suffixes of the names of a part's files; the first file has the ids
   * @param uint16Bound of vocabularies whose ids take 16 bits
   * @param hasMask whether a loss mask is written next to a part; if not, a shard with one is
   *     refused
   */
  public record Shape(
      String name, List<String> suffixes, int uint16Bound, Sequences sequences, boolean hasMask) {}

  ShardLayout(Shape shape) {
    this.shape = shape;
  }

  String label() {
    return shape.name;
  }

  /** The maximum ids that the layout's readers accept in one file; a longer document is refused. */
  public long maxTokens() {
    return Long.MAX_VALUE;
  }

  long partTokens() {
    return maxTokens();
  }

  final IdWidth width(int bound) {
    return IdWidth.of(bound, shape.uint16Bound);
  }

  /** The type by which numpy maps the ids of a file. */
  String dtype(int bound) {
    return width(bound).name().toLowerCase(Locale.ROOT);
  }

  public final Shape shape() {
    return shape;
  }

  final boolean fillsSequences() {
    return shape.sequences == Sequences.FILLED;
  }

  /** The header of a loss mask for {@code count} ids; its length is the same for every count. */
  byte[] maskHeader(Ids ids, long count) {
    return new byte[0];
  }

  /** A part, by the name of the file that holds its ids. */
  public record PartFile(String name, long size, String location) {}

  /**
   * The files that describe a folder of parts, by name; empty if the layout's readers need none.
   */
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    return Map.of();
  }

  /**
   * Properties that all parts of a layout share.
   *
   * @param bound of the ids, exclusive
   * @param sequenceLength of packed sequences; 0 for documents
   * @param padId the id that fills short sequences; -1 for none
   */
  public record Ids(int bound, int sequenceLength, int padId) {
    public Ids {
      if (bound < 0) {
        throw new UnusableFileException("vocabulary bound " + bound + ": ids must be below 2^31");
      }
    }

    /**
     * The number of ids that fill a packed sequence up to its length; 0 for a document.
     *
     * @throws UnusableFileException if there is no token to fill it with
     */
    int missing(ShardRow row) {
      int missing = Math.max(0, sequenceLength - row.count);
      if (sequenceLength > 0 && missing > 0 && padId < 0) {
        throw new UnusableFileException(
            ("sequence \"%s\" has %s ids of %s and there is no token to fill it with; set"
                    + " shards.endOfDocument")
                .formatted(row.docId, row.count, sequenceLength));
      }
      return sequenceLength == 0 ? 0 : missing;
    }

    /** Refuses a row with an id above the bound, which would overflow. */
    void require(ShardRow row, String part) {
      int signs = 0;
      for (int i = 0; i < row.count; i++) {
        signs |= row.ids[i] | (bound - 1 - row.ids[i]);
      }
      if (signs >= 0) {
        return;
      }
      for (int i = 0; i < row.count; i++) {
        int id = row.ids[i];
        if (id < 0 || id >= bound) {
          throw new UnusableFileException(
              ("%s: document \"%s\" has id %s, the vocabulary ends before %s; were these"
                      + " shards made with another tokenizer?")
                  .formatted(part, row.docId, id, bound));
        }
      }
    }
  }

  /** Provides the local file for each suffix of a part; called once for each. */
  @FunctionalInterface
  interface Files {
    Path file(String suffix) throws IOException;
  }

  /** The metadata is that of the canonical shard; it is kept if the layout has a place for it. */
  abstract Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException;

  interface Part extends Closeable {
    /** Whether a further row fits, if readers have a limit in bytes. */
    default boolean takes(ShardRow row) {
      return true;
    }

    /** Adds a row of ids below the bound; a part number above 0 continues the document before. */
    void write(ShardRow row) throws IOException;

    /**
     * Completes the files, which are unusable before.
     *
     * @return the sums of the files that were written in order, by suffix
     */
    Map<String, FileSum> finish() throws IOException;
  }

  /** A part in one file: the ids of all documents after a header made from the number of ids. */
  static final class PlainPart implements Part {
    private final String suffix;
    private final IdFile file;
    private final Ids ids;
    private final LongFunction<byte[]> header;

    /**
     * @param header makes the header from the number of ids; its length is the same for every
     *     number
     */
    PlainPart(Files files, String suffix, IdWidth width, Ids ids, LongFunction<byte[]> header)
        throws IOException {
      this.suffix = suffix;
      this.file = new IdFile(files.file(suffix), width, header.apply(0).length);
      this.ids = ids;
      this.header = header;
    }

    @Override
    public void write(ShardRow row) throws IOException {
      file.write(row.ids, row.count);
      file.repeat(ids.padId(), ids.missing(row));
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      FileSum sum = file.finish(header.apply(file.count()));
      return sum == null ? Map.of() : Map.of(suffix, sum);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
