package org.merganser.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.output.ProxyOutputStream;

/**
 * A stream into a file whose errors name the file, which Java's error of a full disk does not.
 * Errors of other files that occur while this one is being written do not name it.
 */
public final class NamedOutputStream extends ProxyOutputStream {
  private final String location;

  /**
   * @param location names the file in errors
   * @param out writes into the file
   */
  public NamedOutputStream(String location, OutputStream out) {
    super(out);
    this.location = location;
  }

  /** A buffered stream into a local file that is new or is replaced. */
  public static OutputStream of(Path file) throws IOException {
    return new BufferedOutputStream(
        new NamedOutputStream(file.toString(), Files.newOutputStream(file)),
        FileStore.BUFFER_BYTES);
  }

  @Override
  protected void handleIOException(IOException e) throws IOException {
    throw FileStore.withName(location, e);
  }
}
