package org.merganser.report.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.json.Json;
import org.merganser.report.ReportException;

final class ExcerptTest {
  /** Jackson bounds the strings that it reads; ids are more than that. */
  @Test
  void idsOfALongDocumentComeBackFromJson() {
    int[] ids = IntStream.range(0, 6_000_000).map(i -> i * 357 & Integer.MAX_VALUE).toArray();
    Excerpt excerpt = new Excerpt(7, "a", null, true, false, Excerpt.pack(ids, 1, ids.length));
    byte[] json = Json.line(excerpt).getBytes(StandardCharsets.UTF_8);
    Excerpt read = Json.read(json, Excerpt.class, "excerpt", ReportException::new);
    assertThat(read.ids()).isEqualTo(Arrays.copyOfRange(ids, 1, ids.length));
  }
}
