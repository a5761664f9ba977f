package org.merganser.report.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.shard.ShardRow;

final class TextSampleTest {
  @ParameterizedTest
  @CsvSource({
    "0, 100, 0",
    "100, 100, 0",
    "101, 100, 1",
    "200, 100, 1",
    "201, 100, 2",
    "800, 100, 3",
    "801, 100, 4",
    "9223372036854775807, 1, 62",
  })
  void holdsHalfOfWhatIsWantedToAllOfIt(long input, long wanted, int halvings) {
    assertThat(TextSample.of(input, wanted)).isEqualTo(new TextSample(halvings));
  }

  @Test
  void refusesMoreHalvingsThanAHashHasBits() {
    assertThatThrownBy(() -> new TextSample(63))
        .hasMessageContaining("63")
        .hasMessageContaining("62");
    assertThatThrownBy(() -> new TextSample(-1)).hasMessageContaining("-1");
  }

  @Test
  void takesItsShareOfNeighboursInAFileOfPartsOfADocumentAndOfFiles() {
    ShardRow row = new ShardRow();
    int[] chosen = new int[4];
    TextSample sample = new TextSample(3);
    for (int i = 0; i < 8_000; i++) {
      row.file = "corpus/a.jsonl";
      row.offset = 100L * i;
      row.part = 0;
      chosen[0] += sample.has(TextSample.hash(row, 0)) ? 1 : 0;
      row.offset = 0;
      row.part = i;
      chosen[1] += sample.has(TextSample.hash(row, 0)) ? 1 : 0;
      row.part = 0;
      chosen[2] += sample.has(TextSample.hash(row, i)) ? 1 : 0;
      row.file = "corpus/" + i + ".txt";
      chosen[3] += sample.has(TextSample.hash(row, 0)) ? 1 : 0;
    }
    // A thousand of each, give or take five standard deviations; the hash is the same for ever.
    for (int count : chosen) {
      assertThat(count).isBetween(850, 1_150);
    }
  }

  @Test
  void isPartOfEveryLargerOne() {
    for (long hash = 0; hash < 10_000; hash++) {
      for (int halvings = 1; halvings < 12; halvings++) {
        if (new TextSample(halvings).has(hash)) {
          assertThat(new TextSample(halvings - 1).has(hash)).isTrue();
        }
      }
    }
    assertThat(TextSample.ALL.has(12_345)).isTrue();
  }
}
