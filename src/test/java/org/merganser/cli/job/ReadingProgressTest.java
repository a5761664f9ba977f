package org.merganser.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;

final class ReadingProgressTest {
  @Test
  void printsEveryThreeSecondsHowMuchIsRead() throws IOException {
    AtomicLong seconds = new AtomicLong();
    AtomicLong documents = new AtomicLong();
    DocumentHandler counted =
        new DocumentHandler() {
          @Override
          public void document(Document document) {
            documents.incrementAndGet();
          }

          @Override
          public void deadLetter(DeadLetter letter) {}
        };
    StringWriter err = new StringWriter();
    ReadingProgress progress =
        new ReadingProgress(
            counted,
            8_000,
            new PrintWriter(err),
            () -> TimeUnit.SECONDS.toNanos(seconds.getAndIncrement()));
    Document document = new Document();
    document.text = "x".repeat(1_000).getBytes(UTF_8);
    document.to = 1_000;
    for (int i = 0; i < 8; i++) {
      progress.document(document);
    }
    assertThat(documents).hasValue(8);
    assertThat(err.toString().lines())
        .containsExactly("read 3.00 kB of about 8.00 kB", "read 6.00 kB of about 8.00 kB");
  }
}
