package org.merganser.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.apache.commons.io.output.ProxyOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that keeps the error of a failed write. Java's printing classes ignore these
 * errors, and a command with lost output would end with 0.
 */
public final class StandardOutput extends ProxyOutputStream {
  private @Nullable IOException failure;

  /** The standard output of this process. */
  public StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  /** The first error of a write; null if all was written, or the reader closed the pipe. */
  public synchronized @Nullable IOException failure() {
    return failure;
  }

  @Override
  protected synchronized void handleIOException(IOException e) throws IOException {
    boolean isPipeClosed = String.valueOf(e.getMessage()).contains("Broken pipe"); // as by head
    if (failure == null && !isPipeClosed) {
      failure = e;
    }
    throw e;
  }
}
