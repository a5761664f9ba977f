package org.merganser.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that are open together, for a try-with-resources block: closing this closes each, as {@link
 * Closing#all} does.
 */
public final class OpenFiles implements Closeable {
  private final List<Closeable> files = new ArrayList<>();

  /** Adds an open file; returns it. */
  public <T extends Closeable> T add(T file) {
    files.add(file);
    return file;
  }

  @Override
  public void close() throws IOException {
    Closing.all(files);
  }
}
