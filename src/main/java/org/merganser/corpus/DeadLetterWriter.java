package org.merganser.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes dead letters as {@code .jsonl.zst} (DESIGN: file, record, offset, length, sha256, ...).
 */
public final class DeadLetterWriter implements Closeable {
  public DeadLetterWriter(OutputStream out) {}

  public void write(DeadLetter letter) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }

  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException("interface only");
  }
}
