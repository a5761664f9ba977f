package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.InputFormat;

/** Damaged WARC files. */
class WarcFuzzTest extends CorpusFuzz {
  static Stream<byte[]> seeds() {
    String info = WarcReadingTest.record("warcinfo", "0", "Software: x\r\n");
    String text = WarcReadingTest.record("conversion", "1", "Grüße\n\nzwei");
    String response = WarcReadingTest.record("response", "2", "HTTP/1.1 200 OK\r\n\r\n<p>text");
    return Stream.of(
            info + text + response + text,
            WarcReadingTest.record("conversion", "", "WARC/1.0\r\n\r\n") + "\r\n" + text,
            text.replace("\r\n", "\n"))
        .map(warc -> warc.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsADamagedWarcFileToItsEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.WARC);
  }
}
