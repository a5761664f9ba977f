package org.merganser.pipeline.count;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import org.apache.commons.io.function.Uncheck;
import org.merganser.store.FileStore;

/** Compresses packed blocks of counts for files: zstd, level 1, with size and checksum. */
public final class CompressedBlocks {
  private CompressedBlocks() {}

  public static byte[] compress(byte[] block) {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      return zstd.setLevel(1).setChecksum(true).compress(block);
    }
  }

  /** Publishes a block as a file. */
  public static void publish(String location, byte[] block) throws IOException {
    FileStore.publish(location, compress(block));
  }

  /**
   * The block in a file of merged counts.
   *
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static byte[] read(String location) {
    return Uncheck.get(
        () -> decompress(FileStore.of(location).readAll(location)),
        () -> location + ": the merged counts cannot be read");
  }

  /**
   * @throws IllegalStateException if a byte of the block was changed or is missing
   */
  public static byte[] decompress(byte[] compressed) {
    long size = compressed.length == 0 ? -1 : Zstd.getFrameContentSize(compressed);
    if (size < 0 || size > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException("a packed block of counts is damaged: size " + size);
    }
    try {
      return Zstd.decompress(compressed, (int) size);
    } catch (ZstdException e) {
      throw new IllegalStateException("a packed block of counts is damaged: " + e.getMessage(), e);
    }
  }
}
