package org.merganser.pipeline.pretokens;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads numbers and bytes of kept pretokens from a buffer, which may be the whole file. It reads a
 * number with one check of the buffer; {@link java.io.DataInputStream} reads each of its bytes.
 */
final class KeptPretokenInput implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What follows the buffer. */
  private final InputStream rest;

  /** The array of {@link #buffer}. */
  private final byte[] bytes;

  /** The part of {@link #bytes} that was not read yet. */
  private final ByteBuffer buffer;

  /** Reads a file that is in memory. */
  KeptPretokenInput(byte[] file) {
    this(file, file.length, InputStream.nullInputStream());
  }

  /** Reads a file through a buffer; {@link #close} closes it. */
  KeptPretokenInput(InputStream file) {
    this(new byte[BUFFER_BYTES], 0, file);
  }

  /**
   * @param buffered the number of bytes at the beginning of {@code bytes} that are read first
   */
  private KeptPretokenInput(byte[] bytes, int buffered, InputStream rest) {
    this.bytes = bytes;
    buffer = ByteBuffer.wrap(bytes, 0, buffered);
    this.rest = rest;
  }

  byte readByte() throws IOException {
    return filled(Byte.BYTES).get();
  }

  boolean readBoolean() throws IOException {
    return readByte() != 0;
  }

  int readInt() throws IOException {
    return filled(Integer.BYTES).getInt();
  }

  long readLong() throws IOException {
    return filled(Long.BYTES).getLong();
  }

  double readDouble() throws IOException {
    return filled(Double.BYTES).getDouble();
  }

  /**
   * Reads bytes into the beginning of an array.
   *
   * @throws EOFException if there are fewer
   */
  void readFully(byte[] to, int length) throws IOException {
    int buffered = Math.min(length, buffer.remaining());
    buffer.get(to, 0, buffered);
    if (rest.readNBytes(to, buffered, length - buffered) < length - buffered) {
      throw new EOFException("kept pretokens end too early");
    }
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }

  /**
   * The buffer, with at least {@code length} bytes that were not read yet.
   *
   * @throws EOFException if there are fewer
   */
  private ByteBuffer filled(int length) throws IOException {
    if (buffer.remaining() >= length) {
      return buffer;
    }
    buffer.compact();
    while (buffer.position() < length) {
      int read = rest.read(bytes, buffer.position(), buffer.remaining());
      // 0 if a file in memory, whose array has no room for more, is shorter than this number
      if (read <= 0) {
        buffer.flip();
        throw new EOFException("kept pretokens end too early");
      }
      buffer.position(buffer.position() + read);
    }
    buffer.flip();
    return buffer;
  }
}
