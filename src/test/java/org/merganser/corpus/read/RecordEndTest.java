package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ends of records far from the beginning of a file. */
final class RecordEndTest {
  /** A place that an int does not have. */
  private static final long FAR = 3L << 30;

  @Test
  void aRecordOfCsvBeyondTwoGibibytesHasItsPlaces() throws IOException {
    ByteWindow window = windowOn("a,\"b\nc\"\r\nd,\"e\nf\ng,h\n");
    RecordEnd end = new CsvRecordEnd(window, ',', /* limit= */ 1000);
    // The second record has a quote that is not closed, so it ends with its first line.
    assertThat(ends(window, end)).containsExactly("7 9", "13 14", "15 16", "19 20");
  }

  @Test
  void aRecordOfCsvAboveTheLimitBeyondTwoGibibytesEndsWithItsFirstLine() throws IOException {
    ByteWindow window = windowOn("a,\"b\nccccc\"\nd\n");
    RecordEnd end = new CsvRecordEnd(window, ',', /* limit= */ 5);
    assertThat(ends(window, end).get(0)).isEqualTo("4 5");
  }

  @Test
  void anItemOfJsonBeyondTwoGibibytesHasItsPlaces() throws IOException {
    ByteWindow window = windowOn("{\"a\":[1,2]},{}]");
    RecordEnd end = new JsonItemEnd(window);
    assertThat(ends(window, end)).containsExactly("11 12", "14 15");
  }

  private static ByteWindow windowOn(String text) {
    ByteWindow window = new ByteWindow();
    window.open(new ByteArrayInputStream(text.getBytes(UTF_8)), FAR);
    return window;
  }

  /** The end of each record and the beginning of the next one, relative to {@link #FAR}. */
  private static List<String> ends(ByteWindow window, RecordEnd end) throws IOException {
    List<String> ends = new ArrayList<>();
    long place = FAR;
    while (place < window.limit() || window.more()) {
      end.begin(place);
      while (!end.find()) {
        window.more();
      }
      ends.add((end.content() - FAR) + " " + (end.next() - FAR));
      place = end.next();
    }
    return ends;
  }
}
