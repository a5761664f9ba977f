package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ShardException;
import org.merganser.shard.ShardRow;

/** A layout of id shards that some tool reads, made from canonical shards without the text. */
public abstract class ShardLayout {
  private final String name;
  private final List<String> suffixes;
  private final long maxTokens;

  ShardLayout(String name, List<String> suffixes, long maxTokens) {
    this.name = name;
    this.suffixes = suffixes;
    this.maxTokens = maxTokens;
  }

  /** The name of the folder below {@code shards/}, and in the job file. */
  public final String name() {
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

  /** Ids at which a part is ended where the job says nothing. */
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
   * Whether a part has a place for where its rows come from; where not, an index lies beside it.
   */
  boolean hasProvenance() {
    return false;
  }

  /** Where the loss mask of ids is. */
  enum MaskPlace {
    NONE,
    /** In the part, beside the ids. */
    WITHIN,
    /** In a file beside the part, {@link MaskFile}. */
    BESIDE
  }

  /** Where this layout has the mask; a shard with one is refused where it has none. */
  MaskPlace maskPlace() {
    return MaskPlace.NONE;
  }

  /**
   * What a file with the loss mask of {@code count} ids begins with, of a layout that has it beside
   * the part; as many bytes whatever the count.
   */
  byte[] maskHeader(Ids ids, long count) {
    return new byte[0];
  }

  /** Whether a folder of parts has files that describe it, for its readers to find them. */
  public boolean describesFolder() {
    return false;
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
  public record PartFile(String name, long size, String sha256, Opener open) {}

  /**
   * The files that describe a folder of parts, by name.
   *
   * @param parts in the order of the dataset
   * @param masked whether the parts have a loss mask
   * @param split the name of the split that the folder is; null where it stands for itself
   */
  public Map<String, byte[]> folderFiles(
      Ids ids, List<PartFile> parts, String tokenizerSha256, boolean masked, @Nullable String split)
      throws IOException {
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
   * @param masked whether rows have a loss mask, of a layout that has a place for it
   */
  abstract Part newPart(Files files, Ids ids, Map<String, String> metadata, boolean masked)
      throws IOException;

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

  /**
   * The layouts by name: megatron, bin (nanoGPT), llmc (bin with a header), npy, datatrove, arrow,
   * mds, mds-zstd (compressed), litdata.
   */
  public static ShardLayout of(String name) {
    return switch (name) {
      case "megatron" -> new MegatronLayout();
      case "bin" -> new BinLayout(false);
      case "llmc" -> new BinLayout(true);
      case "npy" -> new NpyLayout();
      case "datatrove" -> new DatatroveLayout();
      case "arrow" -> new ArrowLayout();
      case "mds" -> new MdsLayout(false);
      case "mds-zstd" -> new MdsLayout(true);
      case "litdata" -> new LitdataLayout();
      default ->
          throw new ShardException(
              "no layout is called \""
                  + name
                  + "\"; there are megatron, bin, llmc, npy, datatrove, arrow, mds, mds-zstd and"
                  + " litdata");
    };
  }
}
