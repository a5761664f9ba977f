package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
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
  private final String name;
  private final List<String> suffixes;
  private final long maxTokens;

  ShardLayout(String name, List<String> suffixes, long maxTokens) {
    this.name = name;
    this.suffixes = suffixes;
    this.maxTokens = maxTokens;
  }

  /** The name, which tells {@code bin} with a header, {@code llmc}, from bin without one. */
  public final String name() {
    return name;
  }

  /** What messages call the layout. */
  String label() {
    return name;
  }

  /** What follows a part's name in the names of its files. */
  public final List<String> suffixes() {
    return suffixes;
  }

  /** Ids that the layout's readers can take in one file; a longer document is refused. */
  public final long maxTokens() {
    return maxTokens;
  }

  /** Ids at which a part is ended at the latest. */
  long partTokens() {
    return maxTokens;
  }

  /** Bytes that an id takes, for limits in bytes. */
  abstract int idBytes(int bound);

  /** Whether packed sequences are filled up to their length, there being no place for lengths. */
  public boolean fillsSequences() {
    return false;
  }

  /**
   * Whether a loss mask lies beside a part, in a {@link MaskFile}; where not, a shard with a mask
   * is refused.
   */
  boolean hasMask() {
    return false;
  }

  /**
   * What a file with the loss mask of {@code count} ids begins with; as many bytes whatever the
   * count.
   */
  byte[] maskHeader(Ids ids, long count) {
    return new byte[0];
  }

  /** Opens a part that lies somewhere. */
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /**
   * A part as the files that describe its folder name it.
   *
   * @param name of the file that holds the ids
   */
  public record PartFile(String name, long size, Opener open) {}

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
   * @param filler the id that fills short sequences; -1 for none
   */
  public record Ids(int bound, int sequenceLength, int filler) {
    public Ids {
      if (bound < 0) {
        throw new ShardException("vocabulary bound " + bound + ": ids must be below 2^31");
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
     * Adds a row; rows with a part number above 0 continue the document before them.
     *
     * @throws ShardException for an id that the width does not hold
     */
    void write(ShardRow row) throws IOException;

    /** Completes the files; without it they are not a part. */
    void finish() throws IOException;
  }
}
