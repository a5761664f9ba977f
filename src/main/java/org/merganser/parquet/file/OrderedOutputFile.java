package org.merganser.parquet.file;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.merganser.checksum.FileSum;
import org.merganser.store.SummedOutputStream;

/**
 * A new local Parquet file whose bytes are written once and in order. Its end is held in memory
 * until {@link #finish} sorts the lists of the footer and writes it; so the sum of the file is
 * known without reading it. Errors name the file, which Java's error of a full disk does not.
 */
public final class OrderedOutputFile implements OutputFile, Closeable {
  private final SummedOutputStream file;

  /** The bytes since {@link #beginEnd}. */
  private final ByteArrayOutputStream end = new ByteArrayOutputStream();

  private boolean endBegun;

  /** The bytes of the file so far, those in {@link #end} included. */
  private long position;

  /** Creates {@code path}, replacing an existing file. */
  public OrderedOutputFile(Path path) throws IOException {
    this.file = SummedOutputStream.of(path);
  }

  /**
   * Holds what is written from now on. The writer calls this before it writes the footer, of which
   * no byte may be in the file already; other parts may be held as well.
   */
  public void beginEnd() {
    endBegun = true;
  }

  /** Writes the end to the file, with the lists of the footer sorted, and returns the sum. */
  public FileSum finish() throws IOException {
    file.write(Footers.sorted(end.toByteArray()));
    file.flush();
    return file.sum();
  }

  /** Closes the file. If it is not finished, it has no footer and cannot be read. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public PositionOutputStream create(long blockSize) {
    return createOrOverwrite(blockSize);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) {
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return position;
      }

      @Override
      public void write(int oneByte) throws IOException {
        target().write(oneByte);
        position++;
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        target().write(bytes, from, length);
        position += length;
      }
    };
  }

  private OutputStream target() {
    return endBegun ? end : file;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
