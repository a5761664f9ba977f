package org.merganser.store;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * A stream from a file whose errors name the file, which Java's error of a failed read does not.
 */
final class NamedInputStream extends ProxyInputStream {
  private final String location;

  NamedInputStream(String location, InputStream in) {
    super(in);
    this.location = location;
  }

  @Override
  protected void handleIOException(IOException e) throws IOException {
    throw FileStore.withName(location, e);
  }
}
