package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A layout of id shards that some tool reads, made from canonical shards without the text. */
public interface ShardLayout {

  /** Of the folder below {@code shards/} and in the job file. */
  String name();

  /** What follows a part's name in the names of its files. */
  List<String> suffixes();

  /** Ids that the layout's readers can take in one part. */
  long maxTokens();

  /** Bytes that an id takes, for limits in bytes. */
  int idBytes(int bound);

  /**
   * Begins a part.
   *
   * @param name without suffix
   * @param bound ids are below this
   * @param metadata of the canonical shard; kept where the layout has a place for it
   */
  Part newPart(Path folder, String name, int bound, Map<String, String> metadata)
      throws IOException;

  /** A part that is being written. */
  interface Part extends Closeable {
    /**
     * Adds a row; rows with a part number above 0 continue the document before them.
     *
     * @throws ShardException for an id that the width does not hold
     */
    void write(ShardRow row) throws IOException;

    /** Completes the files; without it they are not a part. */
    void finish() throws IOException;
  }

  /** The layouts by name: megatron, bin (nanoGPT), llmc, npy, datatrove. */
  static ShardLayout of(String name) {
    return switch (name) {
      case "megatron" -> new MegatronLayout();
      case "bin" -> new BinLayout(false);
      case "llmc" -> new BinLayout(true);
      case "npy" -> new NpyLayout();
      case "datatrove" -> new DatatroveLayout();
      default ->
          throw new ShardException(
              "no layout is called \""
                  + name
                  + "\"; there are megatron, bin, llmc, npy and datatrove");
    };
  }
}
