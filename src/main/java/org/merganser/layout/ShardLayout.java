package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * A layout of id shards for another tool, converted from canonical shards without the text. {@link
 * ShardFormat} has one for each name in a job.
 */
public abstract class ShardLayout {
  /** {@link Shape#uint16Bound} of a layout whose ids always take 32 bits. */
  static final int NEVER_UINT16 = -1;

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
   * The properties of a layout that are the same for every vocabulary.
   *
   * @param name the name in messages, such as {@code npy}
   * @param suffixes the suffixes of the names of a part's files; the first file has the ids
   * @param uint16Bound the exclusive bound of ids of the largest vocabulary whose ids the readers
   *     take as 16 bits, or {@link #NEVER_UINT16}
   * @param hasMask whether a loss mask is written next to a part; if not, a shard with one is
   *     refused
   */
  public record Shape(
      String name, List<String> suffixes, int uint16Bound, Sequences sequences, boolean hasMask) {}

  /**
   * Properties of the ids that all parts of a layout share.
   *
   * @param bound the bound of the ids, exclusive
   * @param sequenceLength the length of packed sequences; 0 for documents
   * @param padId the id that fills short sequences; -1 for none
   */
  public record IdSettings(int bound, int sequenceLength, int padId) {
    public IdSettings {
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
      if (sequenceLength == 0) {
        return 0;
      }
      int missing = Math.max(0, sequenceLength - row.count);
      if (missing > 0 && padId < 0) {
        throw new UnusableFileException(
            ("sequence \"%s\" has %s ids of %s and there is no token to fill it with; set"
                    + " shards.endOfDocument")
                .formatted(row.docId, row.count, sequenceLength));
      }
      return missing;
    }

    /**
     * Checks the ids of a row. A first pass finds out, without a branch for each id, whether any is
     * outside of the bounds; a second one then names the first such id.
     *
     * @param part names the part in the error
     * @throws UnusableFileException for an id that is not below the bound, which a narrower width
     *     would change
     */
    void requireBelowBound(ShardRow row, String part) {
      // The id and its distance to the largest id: a negative number has its sign bit set.
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

  /**
   * A part that was written.
   *
   * @param name the name of the file with its ids
   * @param size the size of that file in bytes
   */
  public record PartFile(String name, long size, String location) {}

  /** Provides the local file for each suffix of a part; called once for each. */
  @FunctionalInterface
  interface Files {
    Path file(String suffix) throws IOException;
  }

  /** A part that is being written. */
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

  ShardLayout(Shape shape) {
    this.shape = shape;
  }

  /** The properties that do not depend on the vocabulary. */
  public final Shape shape() {
    return shape;
  }

  /** What the layout is called in a summary. */
  String label() {
    return shape.name;
  }

  /** Whether packed sequences are filled to their length. */
  final boolean fillsSequences() {
    return shape.sequences == Sequences.FILLED;
  }

  /** The maximum ids that the layout's readers accept in one file; a longer document is refused. */
  public long maxTokens() {
    return Long.MAX_VALUE;
  }

  /** The number of ids after which a part ends, if a job does not say it. */
  long partTokens() {
    return maxTokens();
  }

  /** The width of ids below {@code bound}. */
  final IdWidth width(int bound) {
    return IdWidth.of(bound, shape.uint16Bound);
  }

  /** The type by which numpy maps the ids of a file. */
  String dtype(int bound) {
    return width(bound).name().toLowerCase(Locale.ROOT);
  }

  /** The header of a loss mask for {@code count} ids; its length is the same for every count. */
  byte[] maskHeader(IdSettings settings, long count) {
    return new byte[0];
  }

  /**
   * Begins a part.
   *
   * @param metadata the metadata of the canonical shard, kept if the layout has a place for it
   */
  abstract Part newPart(Files files, IdSettings settings, Map<String, String> metadata)
      throws IOException;

  /**
   * The files that describe a folder of parts, by name; empty if the layout's readers need none.
   */
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    return Map.of();
  }
}
