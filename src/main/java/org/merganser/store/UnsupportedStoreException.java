package org.merganser.store;

import java.io.IOException;

/** A location is in a file system for which this build has no classes. */
public final class UnsupportedStoreException extends IOException {
  UnsupportedStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
