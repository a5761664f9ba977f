package org.merganser.pipeline.pretokens;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads numbers and bytes of kept pretokens from a buffer, which may be the whole file. */
final class KeptPretokenInput implements Closeable {
  private static final int BUFFER = 1 << 16;

  /** What follows the buffer. */
  private final InputStream rest;

  private final byte[] bytes;

  /** Of {@link #bytes}. */
  private final ByteBuffer buffer;

  /** Reads a file that is in memory. */
  KeptPretokenInput(byte[] file) {
    this(file, file.length, InputStream.nullInputStream());
  }

  KeptPretokenInput(InputStream file) {
    this(new byte[BUFFER], 0, file);
  }

  private KeptPretokenInput(byte[] bytes, int buffered, InputStream rest) {
    this.bytes = bytes;
    buffer = ByteBuffer.wrap(bytes, 0, buffered);
    this.rest = rest;
  }

  private ByteBuffer with(int length) throws IOException {
    if (buffer.remaining() < length) {
      buffer.compact();
      while (buffer.position() < length) {
        int read = rest.read(bytes, buffer.position(), buffer.remaining());
        if (read <= 0) { // 0 if the buffer is a shorter file
          buffer.flip();
          throw new EOFException("kept pretokens end too early");
        }
        buffer.position(buffer.position() + read);
      }
      buffer.flip();
    }
    return buffer;
  }

  byte readByte() throws IOException {
    return with(Byte.BYTES).get();
  }

  boolean readBoolean() throws IOException {
    return readByte() != 0;
  }

  int readInt() throws IOException {
    return with(Integer.BYTES).getInt();
  }

  long readLong() throws IOException {
    return with(Long.BYTES).getLong();
  }

  double readDouble() throws IOException {
    return with(Double.BYTES).getDouble();
  }

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
}
