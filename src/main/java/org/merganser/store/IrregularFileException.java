package org.merganser.store;

import java.nio.file.FileSystemException;

/** A location is a folder, a FIFO, a socket or a device where a file is needed. */
public final class IrregularFileException extends FileSystemException {
  private static final long serialVersionUID = 1;

  IrregularFileException(String file, String reason) {
    super(file, null, reason);
  }
}
