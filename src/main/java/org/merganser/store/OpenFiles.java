package org.merganser.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Files that are open together: closing this closes each, even if another cannot be closed. */
public final class OpenFiles implements Closeable {
  private final List<Closeable> files = new ArrayList<>();

  /** Adds an open file; returns it. */
  public <T extends Closeable> T add(T file) {
    files.add(file);
    return file;
  }

  /**
   * Closes all files.
   *
   * @throws IOException the first failure; those after it are suppressed in it
   */
  @Override
  public void close() throws IOException {
    IOException first = null;
    for (Closeable file : files) {
      try {
        file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
