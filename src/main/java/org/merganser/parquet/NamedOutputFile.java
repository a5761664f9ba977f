package org.merganser.parquet;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.merganser.store.FileStore;

/** A local file to write whose errors name it; that of a full disk says no more than that. */
final class NamedOutputFile implements OutputFile {
  private final Path path;
  private final LocalOutputFile file;

  NamedOutputFile(Path path) {
    this.path = path;
    this.file = new LocalOutputFile(path);
  }

  @Override
  public PositionOutputStream create(long blockSize) throws IOException {
    return named(file.create(blockSize));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
    return named(file.createOrOverwrite(blockSize));
  }

  @Override
  public boolean supportsBlockSize() {
    return file.supportsBlockSize();
  }

  @Override
  public long defaultBlockSize() {
    return file.defaultBlockSize();
  }

  @Override
  public String getPath() {
    return file.getPath();
  }

  private PositionOutputStream named(PositionOutputStream out) {
    return new PositionOutputStream() {
      @Override
      public long getPos() throws IOException {
        return out.getPos();
      }

      @Override
      public void write(int value) throws IOException {
        try {
          out.write(value);
        } catch (IOException e) {
          throw FileStore.at(path.toString(), e);
        }
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        try {
          out.write(bytes, from, length);
        } catch (IOException e) {
          throw FileStore.at(path.toString(), e);
        }
      }

      @Override
      public void flush() throws IOException {
        try {
          out.flush();
        } catch (IOException e) {
          throw FileStore.at(path.toString(), e);
        }
      }

      @Override
      public void close() throws IOException {
        try {
          out.close();
        } catch (IOException e) {
          throw FileStore.at(path.toString(), e);
        }
      }
    };
  }
}
