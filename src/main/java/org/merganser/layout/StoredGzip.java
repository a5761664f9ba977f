package org.merganser.layout;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import org.merganser.binary.ByteBuilder;

/**
 * Writes gzip (RFC 1952) without compression: a fixed header and stored blocks (RFC 1951, 3.2.4).
 * What a deflater writes depends on the zlib of the JDK; these bytes depend on the content alone.
 * The file is longer than its content by 5 bytes for each block, 10 for the header and 8 at the
 * end.
 */
final class StoredGzip extends OutputStream {
  /** The bytes of a block: the maximum, since its length has 16 bits. */
  static final int BLOCK_BYTES = 0xFFFF;

  /** Magic, method 8, no flags, no time, no hint about compression, unknown operating system. */
  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff,
  };

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK_BYTES];

  /** The bytes in {@link #block}. */
  private int blockBytes;

  /** The checksum of the content. */
  private final CRC32 crc = new CRC32();

  /** The size of the content. */
  private long size;

  /** Writes the header; call {@link #finish} after the content. */
  StoredGzip(OutputStream out) throws IOException {
    this.out = out;
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    crc.update(bytes, from, length);
    size += length;
    int end = from + length;
    int at = from;
    while (at < end) {
      if (blockBytes == BLOCK_BYTES) {
        endBlock(/* isLast= */ false);
      }
      int taken = Math.min(end - at, BLOCK_BYTES - blockBytes);
      System.arraycopy(bytes, at, block, blockBytes, taken);
      blockBytes += taken;
      at += taken;
    }
  }

  /**
   * Writes the block: a byte that says whether it is the last one, its length, the complement of
   * its length, its content.
   */
  private void endBlock(boolean isLast) throws IOException {
    ByteBuilder head = new ByteBuilder(5);
    head.append((byte) (isLast ? 1 : 0));
    head.appendShort(blockBytes);
    head.appendShort(~blockBytes);
    out.write(head.bytes(), 0, head.length());
    out.write(block, 0, blockBytes);
    blockBytes = 0;
  }

  /** Writes the last block, and the checksum and length of the content. */
  void finish() throws IOException {
    endBlock(/* isLast= */ true);
    ByteBuilder tail = new ByteBuilder(8);
    tail.appendInt((int) crc.getValue());
    tail.appendInt((int) size); // modulo 2^32, as the format demands
    out.write(tail.bytes(), 0, tail.length());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
