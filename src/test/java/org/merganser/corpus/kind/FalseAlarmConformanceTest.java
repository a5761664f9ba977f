package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.SharedData;

/** Each document of the shared corpus is text, also if it were a file of its own. */
@Tag("conformance")
class FalseAlarmConformanceTest {
  @Test
  void noDocumentOfTheSharedCorpusIsTakenForAnotherKind() throws IOException {
    List<String> texts = SharedData.firstTexts(SharedData.dir(), 60_000);
    assertThat(texts.size()).isGreaterThan(90_000);
    for (String text : texts) {
      byte[] bytes = text.getBytes(UTF_8);
      assertThat(FileKindDetector.of(bytes, 0, bytes.length, "a"))
          .as(text.substring(0, Math.min(200, text.length())))
          .isNull();
    }
  }
}
