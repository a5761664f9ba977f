package org.merganser.embedding;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.merganser.store.FileStore;

/** Vectors in a scratch file, written and read in any order. */
public final class ScratchVectors implements Closeable {
  private final Path path;
  private final FileChannel file;
  private final ByteBuffer buffer;
  private final int dim;

  public ScratchVectors(Path path, int dim) throws IOException {
    this.path = path;
    this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.buffer = ByteBuffer.allocate(4 * dim).order(ByteOrder.LITTLE_ENDIAN);
    this.dim = dim;
  }

  public void write(int row, float[] values) throws IOException {
    buffer.clear();
    buffer.asFloatBuffer().put(values, 0, dim);
    long at = 4L * dim * row;
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer, at + buffer.position());
      }
    } catch (IOException e) {
      throw FileStore.at(path.toString(), e);
    }
  }

  public void read(int row, float[] values) throws IOException {
    buffer.clear();
    long at = 4L * dim * row;
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("row " + row + " of the scratch file was never written");
      }
    }
    buffer.flip();
    buffer.asFloatBuffer().get(values, 0, dim);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
