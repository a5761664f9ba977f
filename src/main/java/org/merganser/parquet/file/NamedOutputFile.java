package org.merganser.parquet.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.merganser.store.NamedOutputStream;

/** A local file to write whose errors name it, which Java's error of a full disk does not. */
public record NamedOutputFile(Path path) implements OutputFile {
  @Override
  public PositionOutputStream create(long blockSize) throws IOException {
    return createOrOverwrite(blockSize);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
    NamedOutputStream out =
        new NamedOutputStream(
            path.toString(), new BufferedOutputStream(Files.newOutputStream(path)));
    return new DelegatingPositionOutputStream(out) {
      @Override
      public long getPos() {
        return out.getByteCount();
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
