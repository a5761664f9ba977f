package org.merganser.pipeline.count;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.commons.io.function.Uncheck;
import org.merganser.binary.LittleEndian;
import org.merganser.store.FileStore;

/**
 * Encodes and decodes a block of bytes in a file, in one of two forms, which both have its length
 * and a checksum. It is compressed by zstd at level 1, or stored as it is after a header of magic,
 * length and checksum. A local disk writes and reads a block in less time than compression takes,
 * so the counts of a run, which are deleted after it, are stored there.
 */
public final class BlockCodec {
  /** The first bytes of a stored block, which no zstd frame has. */
  private static final int STORED_MAGIC = 'M' | ('G' << 8) | ('B' << 16) | ('1' << 24);

  /** Where the header of a stored block, after its magic, has the block's length. */
  private static final int LENGTH_AT = Integer.BYTES;

  /** Where the header has the {@link #checksum}. */
  private static final int CHECKSUM_AT = 2 * Integer.BYTES;

  private static final int HEADER_BYTES = 3 * Integer.BYTES;

  private static final int ZSTD_LEVEL = 1;

  /** A little less than the largest array of a JVM. */
  private static final int MAX_BLOCK_BYTES = Integer.MAX_VALUE - 16;

  private BlockCodec() {}

  /**
   * The form of a block of counts in a file: stored on a local disk, else compressed.
   *
   * @param local whether the file is on a local disk
   */
  static byte[] forFile(byte[] block, boolean local) {
    return local ? store(block) : compress(block);
  }

  /** The block in a zstd frame with its size and a checksum. */
  public static byte[] compress(byte[] block) {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      return zstd.setLevel(ZSTD_LEVEL).setChecksum(true).compress(block);
    }
  }

  /** Publishes a block as a compressed file, which {@link #read} reads. */
  public static void publish(String location, byte[] block) throws IOException {
    FileStore.publish(location, compress(block));
  }

  /**
   * The block in a file of combined counts.
   *
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static byte[] read(String location) {
    return Uncheck.get(
        () -> decode(FileStore.of(location).readAll(location)),
        () -> location + ": the merged counts cannot be read");
  }

  /**
   * The block from the bytes that {@link #forFile} or {@link #compress} returned.
   *
   * @throws IllegalStateException if a byte of the block was changed or is missing
   */
  public static byte[] decode(byte[] encoded) {
    boolean isStored =
        encoded.length >= HEADER_BYTES && (int) LittleEndian.INT.get(encoded, 0) == STORED_MAGIC;
    return isStored ? unstore(encoded) : decompress(encoded);
  }

  /** The block after a header of its own. */
  private static byte[] store(byte[] block) {
    byte[] stored = new byte[Math.addExact(HEADER_BYTES, block.length)];
    LittleEndian.INT.set(stored, 0, STORED_MAGIC);
    LittleEndian.INT.set(stored, LENGTH_AT, block.length);
    System.arraycopy(block, 0, stored, HEADER_BYTES, block.length);
    LittleEndian.INT.set(stored, CHECKSUM_AT, checksum(stored));
    return stored;
  }

  /** The CRC-32C of the length and the block in a stored form. */
  private static int checksum(byte[] stored) {
    CRC32C sum = new CRC32C();
    sum.update(stored, LENGTH_AT, Integer.BYTES);
    sum.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) sum.getValue();
  }

  /** The inverse of {@link #store}, after a check. */
  private static byte[] unstore(byte[] stored) {
    int length = (int) LittleEndian.INT.get(stored, LENGTH_AT);
    if (length != stored.length - HEADER_BYTES
        || (int) LittleEndian.INT.get(stored, CHECKSUM_AT) != checksum(stored)) {
      throw new IllegalStateException("a packed block of counts is damaged: wrong checksum");
    }
    return Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
  }

  /** The inverse of {@link #compress}, whose frame has a checksum. */
  private static byte[] decompress(byte[] compressed) {
    long size = compressed.length == 0 ? -1 : Zstd.getFrameContentSize(compressed);
    if (size < 0 || size > MAX_BLOCK_BYTES) {
      throw new IllegalStateException("a packed block of counts is damaged: size " + size);
    }
    try {
      return Zstd.decompress(compressed, (int) size);
    } catch (ZstdException e) {
      throw new IllegalStateException("a packed block of counts is damaged: " + e.getMessage(), e);
    }
  }
}
