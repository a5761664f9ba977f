package org.merganser.embedding.exchange;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingSource;
import org.merganser.embedding.Half;

/**
 * The rows of a matrix in raw little-endian form, which {@link Safetensors} and {@link Npy} open.
 */
final class RawTensor implements EmbeddingSource {
  /** The number types that are read: the bytes of a number, and how it becomes a float. */
  @SuppressWarnings("ImmutableEnumChecker") // the functions are stateless
  enum Type {
    F64(8, bytes -> (float) bytes.getDouble()),
    F32(4, ByteBuffer::getFloat),
    F16(2, bytes -> Half.toFloat(bytes.getShort())),
    BF16(2, bytes -> Float.intBitsToFloat(bytes.getShort() << 16));

    private final long bytes;
    private final Reader reader;

    Type(long bytes, Reader reader) {
      this.bytes = bytes;
      this.reader = reader;
    }

    /** The bytes of a row of {@code dim} numbers. */
    long rowBytes(int dim) {
      return bytes * dim;
    }

    /** Reads the next number of a buffer. */
    private interface Reader {
      float read(ByteBuffer bytes);
    }
  }

  /** The maximum number of values of a row: a row is in memory. */
  private static final long MAX_DIM = 1 << 24;

  /** The size of the buffer for reading. */
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path path;
  private final InputStream in;
  private final Type type;
  private final long rows;
  private final int dim;

  /** The bytes of the current row. */
  private final byte[] bytes;

  /** The number of the next row. */
  private long row;

  /**
   * Opens the rows that begin at byte {@code start} of a file.
   *
   * @param rows the number of rows
   * @param dim the number of values of a row
   * @throws EmbeddingException if the file ends before the matrix, or the shape is not a matrix
   */
  RawTensor(Path path, Type type, long start, long rows, long dim) throws IOException {
    if (rows < 1 || rows > Integer.MAX_VALUE || dim < 1 || dim > MAX_DIM) {
      throw new EmbeddingException(path + ": a matrix of " + rows + " x " + dim + " is no table");
    }
    this.path = path;
    this.type = type;
    this.rows = rows;
    this.dim = (int) dim;
    long rowBytes = type.rowBytes((int) dim);
    long size = Files.size(path);
    if (start < 0 || start > size || size - start < rows * rowBytes) {
      throw new EmbeddingException(
          ("%s has %s bytes; %s rows of %s bytes from byte %s do not fit: the file was"
                  + " cut short")
              .formatted(path, size, rows, rowBytes, start));
    }
    this.bytes = new byte[Math.toIntExact(rowBytes)];
    this.in = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      in.skipNBytes(start);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The number of rows. */
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
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new EOFException(path + " was cut while it was read");
    }
    row++;
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < dim; i++) {
      out[i] = type.reader.read(values);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
