package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.binary.ByteBuilder;
import org.merganser.store.NamedOutputStream;

/**
 * Bytes of a part that are kept on disk until the bytes before them are known, so that a part of
 * any size is written in constant memory. Closing it deletes the file.
 */
final class SpillFile implements Closeable {
  private final Path path;
  private final OutputStream out;
  private long size;

  /**
   * Creates the file next to a file of the part.
   *
   * @param partFile a file of the part
   * @param name tells the spilled files of a part apart
   */
  SpillFile(Path partFile, String name) throws IOException {
    this.path = partFile.resolveSibling(partFile.getFileName() + "." + name);
    this.out = NamedOutputStream.of(path);
  }

  /** The bytes that were written. */
  long size() {
    return size;
  }

  /** Appends all bytes of a builder. */
  void write(ByteBuilder bytes) throws IOException {
    out.write(bytes.bytes(), 0, bytes.length());
    size += bytes.length();
  }

  /** Copies all bytes to {@code to}; no byte can be added afterwards. */
  void copyTo(OutputStream to) throws IOException {
    out.flush();
    Files.copy(path, to);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      Files.deleteIfExists(path);
    }
  }
}
