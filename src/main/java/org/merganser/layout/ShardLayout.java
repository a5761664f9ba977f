package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.merganser.parquet.ShardException;
import org.merganser.shard.ShardRow;

/**
 * A layout of id shards that some tool reads, made from canonical shards without the text. {@link
 * ShardFormat} has one for each name in a job.
 */
public abstract class ShardLayout {
  /** For layouts whose readers take 16 bits wherever ids fit. */
  static final int UINT16_BOUND = 1 << 16;

  private final String name;
  private final List<String> suffixes;
  private final int uint16Bound;
  private final boolean fillsSequences;
  private final boolean hasMask;

  /**
   * @param name tells {@code bin} with a header, {@code llmc}, from bin without one
   * @param suffixes what follows a part's name in the names of its files; the first holds the ids
   * @param uint16Bound of vocabularies whose ids take 16 bits
   * @param fillsSequences whether packed sequences are filled up to their length, there being no
   *     place for lengths
   * @param hasMask whether a loss mask lies beside a part; where not, a shard with one is refused
   */
  ShardLayout(
      String name,
      List<String> suffixes,
      int uint16Bound,
      boolean fillsSequences,
      boolean hasMask) {
    this.name = name;
    this.suffixes = suffixes;
    this.uint16Bound = uint16Bound;
    this.fillsSequences = fillsSequences;
    this.hasMask = hasMask;
  }

  public final String name() {
    return name;
  }

  /** What messages call the layout. */
  String label() {
    return name;
  }

  public final List<String> suffixes() {
    return suffixes;
  }

  /** Ids that the layout's readers can take in one file; a longer document is refused. */
  public long maxTokens() {
    return Long.MAX_VALUE;
  }

  /** Ids at which a part is ended at the latest. */
  long partTokens() {
    return maxTokens();
  }

  /** What an id below {@code bound} takes. */
  final IdWidth width(int bound) {
    return IdWidth.of(bound, uint16Bound);
  }

  final boolean fillsSequences() {
    return fillsSequences;
  }

  final boolean hasMask() {
    return hasMask;
  }

  /**
   * What a file with the loss mask of {@code count} ids begins with; as many bytes whatever the
   * count.
   */
  byte[] maskHeader(Ids ids, long count) {
    return new byte[0];
  }

  /**
   * A part as the files that describe its folder name it.
   *
   * @param name of the file that holds the ids
   */
  public record PartFile(String name, long size, String location) {}

  /**
   * The files that describe a folder of parts, by name; none where its readers need none.
   *
   * @param parts in the order of the dataset
   */
  public Map<String, byte[]> folderFiles(List<PartFile> parts) throws IOException {
    return Map.of();
  }

  /**
   * What all parts of a layout have in common.
   *
   * @param bound ids are below this
   * @param sequenceLength of packed sequences; 0 for documents
   * @param padId the id that fills short sequences; -1 for none
   */
  public record Ids(int bound, int sequenceLength, int padId) {
    public Ids {
      if (bound < 0) {
        throw new ShardException("vocabulary bound " + bound + ": ids must be below 2^31");
      }
    }

    /**
     * Ids that a packed sequence needs to be full; none for a document.
     *
     * @throws ShardException where there is no token to fill it with
     */
    int missing(ShardRow row) {
      int missing = Math.max(0, sequenceLength - row.count);
      if (sequenceLength > 0 && missing > 0 && padId < 0) {
        throw new ShardException(
            ("sequence \"%s\" has %s ids of %s and there is no token to fill it with; set"
                    + " shards.endOfDocument")
                .formatted(row.docId, row.count, sequenceLength));
      }
      return sequenceLength == 0 ? 0 : missing;
    }

    /** Refuses a row that has an id beyond the bound, so that none is wrapped. */
    void require(ShardRow row, String part) {
      int signs = 0;
      for (int i = 0; i < row.count; i++) {
        signs |= row.ids[i] | (bound - 1 - row.ids[i]);
      }
      for (int i = 0; signs < 0 && i < row.count; i++) {
        int id = row.ids[i];
        if (id < 0 || id >= bound) {
          throw new ShardException(
              ("%s: document \"%s\" has id %s, the vocabulary ends before %s; were these"
                      + " shards made with another tokenizer?")
                  .formatted(part, row.docId, id, bound));
        }
      }
    }
  }

  /** Where the files of a part are written, by their suffix; asked once for each. */
  @FunctionalInterface
  interface Files {
    Path file(String suffix) throws IOException;
  }

  /**
   * Begins a part.
   *
   * @param metadata of the canonical shard; kept where the layout has a place for it
   */
  abstract Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException;

  /** A part that is being written. */
  interface Part extends Closeable {
    /** Whether a further row would still fit, where readers have a bound in bytes. */
    default boolean takes(ShardRow row) {
      return true;
    }

    /**
     * Adds a row of ids below the bound; rows with a part number above 0 continue the document
     * before them.
     */
    void write(ShardRow row) throws IOException;

    /** Completes the files; without it they are not a part. */
    void finish() throws IOException;
  }
}
