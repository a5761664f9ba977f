package org.merganser.parquet.file;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.merganser.checksum.FileSum;
import org.merganser.store.SummedOutputStream;

/**
 * A new local Parquet file whose bytes are written once and in order. Its end is held in memory
 * until {@link #finish}, which sorts the footer and writes it; so the sum of the file is known
 * without reading it. Errors name the file, which Java's error of a full disk does not.
 */
public final class OrderedOutputFile implements OutputFile, Closeable {
  private final SummedOutputStream file;
  private final ByteArrayOutputStream end = new ByteArrayOutputStream();
  private boolean endBegun;
  private long position;

  /** Creates {@code path}, replacing an existing file. */
  public OrderedOutputFile(Path path) throws IOException {
    this.file = SummedOutputStream.of(path);
  }

  /** Holds what is written from now on: the last row group perhaps, the indexes, the footer. */
  public void beginEnd() {
    endBegun = true;
  }

  /** Writes the end, with the lists of the footer sorted; the footer was written before. */
  public FileSum finish() throws IOException {
    file.write(Footers.sorted(end.toByteArray()));
    file.flush();
    return file.sum();
  }

  /** Drops what is held, if the file is not finished: then it has no footer and cannot be read. */
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
      public void write(int b) throws IOException {
        if (endBegun) {
          end.write(b);
        } else {
          file.write(b);
        }
        position++;
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        if (endBegun) {
          end.write(bytes, from, length);
        } else {
          file.write(bytes, from, length);
        }
        position += length;
      }
    };
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
