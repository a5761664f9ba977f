package org.merganser.store;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes resources also after a failure, which is the one that is reported. */
public final class Closing {
  private Closing() {}

  /**
   * Closes all resources in order.
   *
   * @throws IOException the first failure, a RuntimeException likewise; those of later resources
   *     are suppressed exceptions of it
   */
  public static void all(Iterable<? extends Closeable> resources) throws IOException {
    Exception first = null;
    for (Closeable resource : resources) {
      try {
        resource.close();
      } catch (IOException | RuntimeException e) {
        first = firstOf(first, e);
      }
    }
    if (first instanceof IOException failure) {
      throw failure;
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
  }

  /** Closes a resource after a failure, of which a failure to close is a suppressed exception. */
  static void after(Exception failure, Closeable resource) {
    try {
      resource.close();
    } catch (IOException | RuntimeException e) {
      firstOf(failure, e);
    }
  }

  /** The first of two failures, to which the later one is added; the later one if it is alone. */
  private static Exception firstOf(@Nullable Exception first, Exception later) {
    if (first == null) {
      return later;
    }
    if (first != later) { // an exception cannot suppress itself
      first.addSuppressed(later);
    }
    return first;
  }
}
