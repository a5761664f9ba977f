package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.store.FileStore;

/**
 * Vectors in a scratch file that are appended once and then gone through again and again; the file
 * goes with {@link #close}. Memory: a buffer of about 1 MiB.
 */
final class VectorFile implements Closeable {
  private final Path path;
  private final FileChannel file;
  private final ByteBuffer buffer;
  private final int dim;
  private long rows;

  VectorFile(Path scratch, int dim) throws IOException {
    Files.createDirectories(scratch);
    this.path = Files.createTempFile(scratch, "vectors-", ".tmp");
    this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.dim = dim;
    this.buffer =
        ByteBuffer.allocate(Math.max(1, (1 << 20) / (4 * dim)) * 4 * dim)
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  void add(float[] vector) throws IOException {
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.asFloatBuffer().put(vector, 0, dim);
    buffer.position(buffer.position() + 4 * dim);
    rows++;
  }

  private void drain() throws IOException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw FileStore.at(path.toString(), e);
    }
    buffer.clear();
  }

  /** Takes a vector; it is overwritten by the next one. */
  interface Visitor {
    void accept(float[] vector);
  }

  /** Goes through all vectors in order; nothing is added after the first time. */
  void forEach(Visitor visitor) throws IOException {
    drain();
    file.position(0);
    float[] vector = new float[dim];
    for (long row = 0; row < rows; ) {
      long left = (rows - row) * 4 * dim;
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // reads until the buffer is full
      }
      buffer.flip();
      for (; buffer.hasRemaining(); row++) {
        buffer.asFloatBuffer().get(vector, 0, dim);
        buffer.position(buffer.position() + 4 * dim);
        visitor.accept(vector);
      }
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }
}
