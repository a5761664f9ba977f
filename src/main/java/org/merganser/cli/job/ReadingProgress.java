package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ForwardingDocumentHandler;

/** Passes documents on, and prints every three seconds how much of the text is read. */
final class ReadingProgress extends ForwardingDocumentHandler {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final long total;
  private final PrintWriter err;
  private final LongSupplier nanoTime;
  private long read;
  private long next;

  /**
   * @param total bytes of text that are read, as estimated
   */
  ReadingProgress(DocumentHandler handler, long total, PrintWriter err, LongSupplier nanoTime) {
    super(handler);
    this.total = total;
    this.err = err;
    this.nanoTime = nanoTime;
    this.next = nanoTime.getAsLong() + PERIOD_NANOS;
  }

  @Override
  public void document(Document document) throws IOException {
    super.document(document);
    read += document.to - document.from;
    long now = nanoTime.getAsLong();
    if (now - next >= 0) {
      next = now + PERIOD_NANOS;
      err.println(
          "read %s of about %s".formatted(TerminalText.bytes(read), TerminalText.bytes(total)));
      err.flush();
    }
  }
}
