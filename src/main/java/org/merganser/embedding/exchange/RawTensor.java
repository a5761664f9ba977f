package org.merganser.embedding.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingSource;
import org.merganser.embedding.Half;

/** The rows of a matrix in raw little-endian form. */
final class RawTensor implements EmbeddingSource {
  /** Number formats: the bytes of a number, and how it is read. */
  @SuppressWarnings("ImmutableEnumChecker") // the functions are stateless
  enum Type {
    F64(8, bytes -> (float) bytes.getDouble()),
    F32(4, ByteBuffer::getFloat),
    F16(2, bytes -> Half.toFloat(bytes.getShort())),
    BF16(2, bytes -> Float.intBitsToFloat(bytes.getShort() << 16));

    private final long bytes;
    private final ToFloat next;

    Type(long bytes, ToFloat next) {
      this.bytes = bytes;
      this.next = next;
    }

    long rowBytes(int dim) {
      return bytes * dim;
    }

    private interface ToFloat {
      float of(ByteBuffer bytes);
    }
  }

  private final Path path;
  private final FileChannel file;
  private final Type type;
  private final long start;
  private final long rows;
  private final int dim;
  private final ByteBuffer buffer;
  private long row;

  /**
   * @throws EmbeddingException if the file ends before the matrix, or the shape is not a matrix
   */
  RawTensor(Path path, Type type, long start, long rows, long dim) throws IOException {
    if (rows < 1 || rows > Integer.MAX_VALUE || dim < 1 || dim > 1 << 24) {
      throw new EmbeddingException(path + ": a matrix of " + rows + " x " + dim + " is no table");
    }
    this.path = path;
    this.type = type;
    this.start = start;
    this.rows = rows;
    this.dim = (int) dim;
    long rowBytes = type.rowBytes((int) dim);
    this.file = FileChannel.open(path, StandardOpenOption.READ);
    if (start < 0 || start > file.size() || file.size() - start < rows * rowBytes) {
      long size = file.size();
      file.close();
      throw new EmbeddingException(
          ("%s has %s bytes; %s rows of %s bytes from byte %s do not fit: the file was"
                  + " cut short")
              .formatted(path, size, rows, rowBytes, start));
    }
    int atOnce = (int) Math.max(1, Math.min(rows, (1 << 20) / rowBytes));
    this.buffer =
        ByteBuffer.allocate(Math.toIntExact(atOnce * rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.limit(0);
  }

  long rows() {
    return rows;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public String dtype() {
    return type.name();
  }

  @Override
  public boolean next(float[] out) throws IOException {
    if (row == rows) {
      return false;
    }
    if (!buffer.hasRemaining()) {
      fill();
    }
    row++;
    for (int i = 0; i < dim; i++) {
      out[i] = type.next.of(buffer);
    }
    return true;
  }

  private void fill() throws IOException {
    long rowBytes = type.rowBytes(dim);
    int count = (int) Math.min(rows - row, buffer.capacity() / rowBytes);
    buffer.clear().limit(Math.toIntExact(count * rowBytes));
    long at = start + row * rowBytes;
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException(path + " was cut while it was read");
      }
    }
    buffer.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
