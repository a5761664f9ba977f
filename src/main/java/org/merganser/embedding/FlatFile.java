package org.merganser.embedding;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.Scratch;

/**
 * The flat form of an embedding table: rows × dim float32, little-endian, row-major, followed by
 * the sum of a {@link ChecksummedFile}. Its name is {@code <sha256 of the Parquet file>-<dim>.f32},
 * which identifies its content. A rename publishes it, and it never changes afterwards. A file of
 * an earlier process is used if its checksum matches.
 *
 * @param path of the file
 * @param rows the number of rows
 * @param dim the number of floats of a row
 */
record FlatFile(Path path, int rows, int dim) {
  /** The size of the buffer for rows to write, unless a row is longer. */
  private static final int BUFFER_BYTES = 1 << 18;

  /**
   * The flat form of a table; writes the file unless it exists.
   *
   * @param in of the table, before its first row
   * @param parquet the file of the table
   * @param sha256 of this file
   * @param scratch the folder of the flat file
   */
  static FlatFile provide(TableReader in, Path parquet, String sha256, Path scratch)
      throws IOException {
    if (in.rows() > Integer.MAX_VALUE) {
      throw new EmbeddingException(parquet + " has " + in.rows() + " rows: ids are ints");
    }
    int rows = (int) in.rows();
    Path flat = scratch.resolve(sha256 + "-" + in.dim() + ".f32");
    long size = (long) Float.BYTES * rows * in.dim() + ChecksummedFile.SUM_BYTES;
    if (Files.isRegularFile(flat)
        && Files.size(flat) == size
        && ChecksummedFile.isWhole(flat.toString())) {
      Scratch.markUsed(flat);
    } else {
      // If two processes write it, the last rename wins, with equal bytes.
      ChecksummedFile.publish(flat.toString(), out -> write(in, out));
    }
    return new FlatFile(flat, rows, in.dim());
  }

  /** Writes all rows of a table. */
  private static void write(TableReader in, OutputStream out) throws IOException {
    int rowBytes = Float.BYTES * in.dim();
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.max(BUFFER_BYTES, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[in.dim()];
    while (in.next(row)) {
      if (buffer.remaining() < rowBytes) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      buffer.asFloatBuffer().put(row);
      buffer.position(buffer.position() + rowBytes);
    }
    out.write(buffer.array(), 0, buffer.position());
  }
}
