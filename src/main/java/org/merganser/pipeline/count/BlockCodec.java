package org.merganser.pipeline.count;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.commons.io.function.Uncheck;
import org.merganser.store.FileStore;

/**
 * Packed blocks of counts in files, with size and checksum: compressed by zstd, level 1, or, on a
 * local disk, as they are. The disk writes and reads a block in less time than it takes to compress
 * and decompress it, and the blocks of a run are deleted after it.
 */
public final class BlockCodec {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** The first bytes of a block that is not compressed, which no zstd frame has. */
  private static final int STORED = 'M' | 'G' << 8 | 'B' << 16 | '1' << 24;

  /** {@link #STORED} and the CRC-32C of size and block. */
  private static final int HEADER = 3 * Integer.BYTES;

  private BlockCodec() {}

  /**
   * The bytes of a block in a file.
   *
   * @param local whether the file is on a local disk
   */
  static byte[] forFile(byte[] block, boolean local) {
    return local ? store(block) : compress(block);
  }

  private static byte[] store(byte[] block) {
    byte[] stored = new byte[Math.addExact(HEADER, block.length)];
    INT.set(stored, 0, STORED);
    INT.set(stored, 4, block.length);
    System.arraycopy(block, 0, stored, HEADER, block.length);
    INT.set(stored, 8, checksum(stored));
    return stored;
  }

  private static int checksum(byte[] stored) {
    CRC32C sum = new CRC32C();
    sum.update(stored, 4, 4);
    sum.update(stored, HEADER, stored.length - HEADER);
    return (int) sum.getValue();
  }

  public static byte[] compress(byte[] block) {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      return zstd.setLevel(1).setChecksum(true).compress(block);
    }
  }

  /** Publishes a block as a compressed file. */
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
   * @param compressed or stored
   * @throws IllegalStateException if a byte of the block was changed or is missing
   */
  public static byte[] decompress(byte[] compressed) {
    if (compressed.length >= HEADER && (int) INT.get(compressed, 0) == STORED) {
      int length = (int) INT.get(compressed, 4);
      if (length != compressed.length - HEADER
          || (int) INT.get(compressed, 8) != checksum(compressed)) {
        throw new IllegalStateException("a packed block of counts is damaged: wrong checksum");
      }
      return Arrays.copyOfRange(compressed, HEADER, compressed.length);
    }
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
