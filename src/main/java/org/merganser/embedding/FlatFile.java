package org.merganser.embedding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The flat form of an embedding table: rows × dim float32, little-endian, row-major, and nothing
 * else. Its name is {@code <sha256 of the Parquet file>-<dim>.f32}, so that it says all there is to
 * know; it appears by rename and is never written to again.
 */
record FlatFile(Path path, int rows, int dim) {

  /**
   * The flat file of a table, made unless it is there.
   *
   * @param in of the table, before its first row
   */
  static FlatFile of(TableReader in, Path parquet, String sha256, Path scratch) throws IOException {
    Files.createDirectories(scratch);
    if (!in.next()) {
      throw new EmbeddingException(parquet + " has no rows");
    }
    if (in.rows() > Integer.MAX_VALUE) {
      throw new EmbeddingException(parquet + " has " + in.rows() + " rows: ids are ints");
    }
    int rows = (int) in.rows();
    Path flat = scratch.resolve(sha256 + "-" + in.dim() + ".f32");
    if (!Files.isRegularFile(flat) || Files.size(flat) != 4L * rows * in.dim()) {
      write(in, flat);
    }
    return new FlatFile(flat, rows, in.dim());
  }

  /** Writes the row that was read and all others; whoever renames last wins, with equal bytes. */
  private static void write(TableReader in, Path flat) throws IOException {
    Path temporary = Files.createTempFile(flat.getParent(), "table-", ".tmp");
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer =
            ByteBuffer.allocateDirect(Math.max(1 << 20, 4 * in.dim()))
                .order(ByteOrder.LITTLE_ENDIAN);
        do {
          if (buffer.remaining() < 4 * in.dim()) {
            drain(buffer, out);
          }
          buffer.asFloatBuffer().put(in.row(), 0, in.dim());
          buffer.position(buffer.position() + 4 * in.dim());
        } while (in.next());
        drain(buffer, out);
        out.force(true);
      }
      Files.move(
          temporary, flat, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }
}
