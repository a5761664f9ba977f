package org.merganser.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.merganser.parquet.ShardException;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;

/**
 * Reads a file that anyone may have damaged: whatever its reader stumbles over (a length below
 * zero, a place behind the end) is told as damage of the file.
 */
record GuardedReader(Path file, RowReader reader) implements RowReader {
  /** Opens the reader that is guarded. */
  @FunctionalInterface
  interface Opening {
    RowReader open() throws IOException;
  }

  static RowReader open(Path file, Opening opening) throws IOException {
    try {
      return new GuardedReader(file, opening.open());
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(file, e);
    }
  }

  @Override
  public Map<String, String> metadata() {
    return reader.metadata();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    try {
      return reader.next(row);
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(file, e);
    }
  }

  private static ShardException damaged(Path file, RuntimeException e) {
    return new ShardException(
        file + ", or an index beside it, is damaged (" + e + "); make it again, or restore it", e);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
