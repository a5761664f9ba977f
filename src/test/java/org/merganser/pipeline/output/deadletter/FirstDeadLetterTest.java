package org.merganser.pipeline.output.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;

final class FirstDeadLetterTest {
  private static String phrase(String file, long record, long offset) {
    return new FirstDeadLetter(file, record, offset, "badJson", "no text").toString();
  }

  @Test
  void namesTheLineOfARecordAtTheBeginningOfAFileOfLines() {
    assertThat(phrase("a.jsonl", 1233, 90_000))
        .isEqualTo("a.jsonl, line 1,234, byte 90,000: badJson: no text");
    assertThat(phrase("a.ndjson.gz", 0, 0)).contains("line 1,");
    assertThat(phrase("a.json", 0, 0)).doesNotContain("line");
  }

  /** The number of a record counts from the beginning of its range. */
  @Test
  void namesNoLineInALaterRangeHoweverSmallTheRangesAre() {
    for (long mebibytes = 6; mebibytes < 40; mebibytes++) {
      InputFile file =
          InputFiles.of(
              "a.jsonl", "/a.jsonl", (mebibytes << 20) + 1, 0, InputFormat.JSONL, Compression.NONE);
      List<FileRange> ranges =
          CorpusPlanner.plan(List.of(file)).stream()
              .flatMap(unit -> unit.ranges().stream())
              .toList();
      assertThat(ranges).hasSizeGreaterThan(1);
      assertThat(phrase("a.jsonl", 0, ranges.get(1).start()))
          .as("%d MiB", mebibytes)
          .doesNotContain("line");
    }
  }
}
