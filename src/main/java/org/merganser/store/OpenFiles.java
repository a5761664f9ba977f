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
      if (first != null) {
        closeAfter(first, file);
        continue;
      }
      try {
        file.close();
      } catch (IOException e) {
        first = e;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Closes a file after a failure; a failure to close it, too, is suppressed in the first one. */
  static void closeAfter(Exception failure, Closeable file) {
    try {
      file.close();
    } catch (IOException notClosed) {
      if (notClosed != failure) { // some streams throw their failure again
        failure.addSuppressed(notClosed);
      }
    }
  }
}
