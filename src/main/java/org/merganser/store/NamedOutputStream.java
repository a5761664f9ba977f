package org.merganser.store;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.io.output.CountingOutputStream;

/**
 * A stream into a file whose errors name the file, which Java's error of a full disk does not.
 * Errors from elsewhere, while the file is being written, do not name it.
 */
public final class NamedOutputStream extends CountingOutputStream {
  private final String location;

  public NamedOutputStream(String location, OutputStream out) {
    super(out);
    this.location = location;
  }

  @Override
  protected void handleIOException(IOException e) throws IOException {
    throw FileStore.at(location, e);
  }
}
