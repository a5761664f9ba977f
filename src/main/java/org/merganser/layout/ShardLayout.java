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
 * A layout of id shards for another tool, made from the rows of canonical shards without the text.
 * {@link ShardFormat} has one for each name in a job; {@link ShardConversion} calls it.
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

  /** What a layout does with the loss mask of a shard. */
  public enum LossMask {
    /** It is written next to a part. */
    WRITTEN,

    /** A shard with one is refused, since the layout's readers have no place for it. */
    REFUSED
  }

  /**
   * The properties of a layout that are the same for every vocabulary.
   *
   * @param name the name in messages, such as {@code npy}
   * @param suffixes the suffixes of the names of a part's files; the first file has the ids
   * @param uint16Bound the largest {@link IdSettings#bound} for which the readers take ids of 16
   *     bits; {@link #NEVER_UINT16} if they never do
   * @param sequences how packed sequences are written
   * @param lossMask whether there is a place for a loss mask
   */
  public record Shape(
      String name,
      List<String> suffixes,
      int uint16Bound,
      Sequences sequences,
      LossMask lossMask) {}

  /**
   * The properties of the ids that all parts of a layout share.
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
     * Requires that the ids of a row are in {@code [0, bound)}, since a narrower width would change
     * any other. A first pass finds out, without a branch for each id, whether there is one; a
     * second one then names it.
     *
     * @param part names the part in the error
     * @throws UnusableFileException naming the first id that is not
     */
    void requireBelowBound(ShardRow row, String part) {
      // A negative number has its sign bit set: an id below 0, or bound - 1 - id of a large id.
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
   * The file with the ids of a part that was written.
   *
   * @param name the name of the file in its folder
   * @param size its size in bytes
   * @param location where it can be read
   */
  public record PartFile(String name, long size, String location) {}

  /** Provides the local file for each suffix of a part; called once for each. */
  @FunctionalInterface
  interface FilesOfPart {
    /** The path to write to, by the suffix of the file. */
    Path file(String suffix) throws IOException;
  }

  /** A part that is being written. */
  interface Part extends Closeable {
    /** Whether a further row fits; false only if the layout's readers have a limit in bytes. */
    default boolean takes(ShardRow row) {
      return true;
    }

    /**
     * Adds a row of ids below the bound. If its part number is above 0, it continues the document
     * of the row before, unless that has another id.
     */
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

  /** The name of the layout in messages that tell its variants apart. */
  String label() {
    return shape.name;
  }

  /** Whether packed sequences are filled to their length. */
  final boolean fillsSequences() {
    return shape.sequences == Sequences.FILLED;
  }

  /** The number of ids that a row takes in a part, with those that fill a packed sequence. */
  final long writtenIds(ShardRow row, IdSettings settings) {
    return fillsSequences() ? Math.max(row.count, settings.sequenceLength()) : row.count;
  }

  /** The maximum ids that the layout's readers accept in one file; a longer row is refused. */
  long maxFileTokens() {
    return Long.MAX_VALUE;
  }

  /** The maximum ids of a part, if a job does not set it; a part of one row may have more. */
  long defaultPartTokens() {
    return maxFileTokens();
  }

  /** The width of ids below {@code bound}. */
  final IdWidth width(int bound) {
    return IdWidth.of(bound, shape.uint16Bound);
  }

  /** The name of numpy's type for the ids, with which {@code numpy.memmap} reads a file. */
  String dtype(int bound) {
    return width(bound).name().toLowerCase(Locale.ROOT);
  }

  /** A statement of Python that prints the first ids of the file {@code f}, below {@code bound}. */
  String printInPython(int bound) {
    return "import numpy; print(numpy.memmap(f, \"%s\", \"r\", %s)[:9])"
        .formatted(dtype(bound), firstByteInPython());
  }

  /** An expression in Python for the place in bytes of the first id in the file {@code f}. */
  String firstByteInPython() {
    return "0";
  }

  /** The header of a loss mask for {@code count} ids; its length is the same for every count. */
  byte[] maskHeader(IdSettings settings, long count) {
    return new byte[0];
  }

  /**
   * Begins a part.
   *
   * @param files provides the files, whose suffixes are those of the {@link Shape}
   * @param metadata the metadata of the canonical shard, kept if the layout has a place for it
   */
  abstract Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException;

  /**
   * The files that describe a folder of parts, by name; empty if the layout's readers need none.
   *
   * @param parts the parts in the folder, in the order of their names
   */
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    return Map.of();
  }
}
