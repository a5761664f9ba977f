package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ForwardingDocumentHandler;

/**
 * Passes documents on, and prints how much of the text is read: after a document, at most every
 * three seconds.
 */
final class ReadingProgress extends ForwardingDocumentHandler {
  /** The least time between two lines. */
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** The bytes of all text, as estimated. */
  private final long totalBytes;

  private final PrintWriter err;
  private final LongSupplier nanoTime;

  /** The bytes of the texts of all documents so far. */
  private long readBytes;

  /** The earliest time of the next line. */
  private long nextNanos;

  /**
   * @param handler takes the documents
   * @param totalBytes of text, as estimated
   * @param err receives the lines
   * @param nanoTime a clock, like {@link System#nanoTime}
   */
  ReadingProgress(
      DocumentHandler handler, long totalBytes, PrintWriter err, LongSupplier nanoTime) {
    super(handler);
    this.totalBytes = totalBytes;
    this.err = err;
    this.nanoTime = nanoTime;
    this.nextNanos = nanoTime.getAsLong() + PERIOD_NANOS;
  }

  @Override
  public void document(Document document) throws IOException {
    super.document(document);
    readBytes += document.to - document.from;
    long now = nanoTime.getAsLong();
    if (now - nextNanos >= 0) {
      nextNanos = now + PERIOD_NANOS;
      err.println(
          "read %s of about %s"
              .formatted(TerminalText.bytes(readBytes), TerminalText.bytes(totalBytes)));
      err.flush();
    }
  }
}
