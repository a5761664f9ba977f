package org.merganser.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that keeps the error of a failed write. The printing classes of Java ignore such
 * errors, and a command whose output was lost would end with 0.
 */
final class StandardOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream out) {
    super(out);
  }

  /** The error of a failed write; null where all was written, or the reader closed the pipe. */
  synchronized @Nullable IOException failure() {
    return failure;
  }

  @Override
  public synchronized void write(int value) throws IOException {
    try {
      out.write(value);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  private IOException noted(IOException e) {
    boolean readerWent = String.valueOf(e.getMessage()).contains("Broken pipe"); // as head does
    if (failure == null && !readerWent) {
      failure = e;
    }
    return e;
  }
}
