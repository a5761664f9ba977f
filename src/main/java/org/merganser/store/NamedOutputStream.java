package org.merganser.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream into a file whose errors name the file, which Java's error of a full disk does not.
 * Errors from elsewhere, while the file is being written, do not name it.
 */
public final class NamedOutputStream extends FilterOutputStream {
  private final String location;
  private long position;

  public NamedOutputStream(String location, OutputStream out) {
    super(out);
    this.location = location;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
      position += length;
    } catch (IOException e) {
      throw FileStore.at(location, e);
    }
  }

  public long position() {
    return position;
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw FileStore.at(location, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw FileStore.at(location, e);
    }
  }
}
