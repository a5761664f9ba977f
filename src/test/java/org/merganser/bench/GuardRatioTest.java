package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code bench guard} judges what it measures. */
final class GuardRatioTest {
  @TempDir Path folder;

  private static GuardRatio ratio(Double... rounds) {
    return new GuardRatio("encode", List.of(rounds));
  }

  @Test
  void theMedianOfTheRoundsIsHeldAgainstNineteenTwentieths() {
    assertThat(ratio(95.0, 300.0, 1.0).verdict(100)).isEqualTo(GuardRatio.Verdict.HOLDS);
    assertThat(ratio(94.9, 94.9, 94.9).verdict(100)).isEqualTo(GuardRatio.Verdict.BELOW);
    assertThat(ratio(94.0, 98.0).verdict(100)).isEqualTo(GuardRatio.Verdict.HOLDS);
    assertThat(ratio(93.0, 96.0).verdict(100)).isEqualTo(GuardRatio.Verdict.UNSURE);
  }

  @Test
  void oneRoundThatReachesItLeavesAMedianBelowUnsure() {
    assertThat(ratio(90.0, 95.0, 91.0).verdict(100)).isEqualTo(GuardRatio.Verdict.UNSURE);
    assertThat(ratio(90.0, 94.9, 91.0).verdict(100)).isEqualTo(GuardRatio.Verdict.BELOW);
  }

  @Test
  void noiseIsTheRoundFarthestFromTheMedian() {
    assertThat(ratio(10.0, 9.0, 12.0).noise()).isCloseTo(0.2, within(1e-9));
    assertThat(ratio(10.0).noise()).isZero();
    assertThatThrownBy(() -> ratio())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("encode: no round was measured");
  }

  @Test
  void aRowIsRedWhereTheMedianIsBelowWhateverSingleRoundsSay() {
    assertThat(ratio(9.0, 10.0, 9.4, 9.4).row(10))
        .isEqualTo("| encode | 10.00 | 9.40 | 94 % | 6 % of 4 rounds | RED |");
    assertThat(ratio(9.5, 9.5).row(10))
        .isEqualTo("| encode | 10.00 | 9.50 | 95 % | 0 % of 2 rounds | holds |");
  }

  @Test
  void aRecordComesBackInItsOrderAndRefusesOtherTextAndReleases() throws IOException {
    Path file = folder.resolve("guard.json");
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("train", 4.25);
    ratios.put("encode", 60.0);
    new GuardRecord("t.json", "corpus/", "", "", Map.of()).with("abc", "1.0", ratios).write(file);
    GuardRecord read = GuardRecord.read(file);
    assertThat(read.ratios().keySet()).containsExactly("train", "encode");
    assertThat(read.recorded("train")).isEqualTo(4.25);
    read.check("abc", "1.0", file);
    assertThatThrownBy(() -> read.check("abd", "1.0", file))
        .hasMessageContaining("recorded on other text: SHA-256 abc, that of corpus/ is abd");
    assertThatThrownBy(() -> read.check("abc", "1.1", file))
        .hasMessageContaining("recorded beside '1.0', and --release is '1.1'");
    assertThatThrownBy(() -> read.recorded("run"))
        .hasMessageContaining("no ratio 'run' was recorded, only [train, encode]");
  }

  @Test
  void theCheckedInRecordHasFiveRatiosOfACorpusAndARelease() throws IOException {
    GuardRecord record = GuardRecord.read(Path.of("src/jmh/guard.json"));
    assertThat(record.ratios().values()).hasSize(5).allMatch(ratio -> ratio > 0);
    assertThat(record.textSha256()).hasSize(64);
    assertThat(record.release()).startsWith("merganser ");
  }
}
