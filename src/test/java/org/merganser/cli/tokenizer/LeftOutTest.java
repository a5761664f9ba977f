package org.merganser.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.DeadLetter;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.tokenizer.TestTokenizers;

/** How {@code audit} and {@code compare} count records that they leave out. */
final class LeftOutTest {
  /** Of a Parquet file, of which several rows cannot be read. */
  private static final DeadLetter ROWS =
      new DeadLetter(
          "a.parquet", 0, 0, 1, "00", DeadLetter.Reason.TRUNCATED, "why", new byte[1], null, 5);

  @Test
  void aDeadLetterOfSeveralRowsCountsForEach() {
    NamedTokenizer tokenizer = NamedTokenizer.read(TestTokenizers.byteLevel(), "a");
    CountedTexts counted = new CountedTexts(tokenizer.tokenizer());
    counted.deadLetter(ROWS);
    assertThat(counted.leftOut()).isEqualTo(5);
    boolean grouped = false;
    MeasuredTexts measured = new MeasuredTexts(List.of(tokenizer, tokenizer), grouped);
    measured.deadLetter(ROWS);
    assertThat(measured.compare(null).leftOut()).isEqualTo(5);
  }
}
