package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merganser.cli.CommandLineRun;

final class ScaleEstimateTest {
  @Test
  void hoursHaveThreeSignificantDigits() {
    assertThat(ScaleEstimate.rounded(0)).isEqualTo("0");
    assertThat(ScaleEstimate.rounded(0.000123456)).isEqualTo("0.000123");
    assertThat(ScaleEstimate.rounded(0.0949)).isEqualTo("0.0949");
    assertThat(ScaleEstimate.rounded(9.999)).isEqualTo("10.00");
    assertThat(ScaleEstimate.rounded(24.54)).isEqualTo("24.5");
    assertThat(ScaleEstimate.rounded(2454.4)).isEqualTo("2,454");
  }

  @Test
  void aSmallCorpusTakesAPartOfAnHourAndNotNone() {
    String plan = CommandLineRun.of("plan", "--simulate", "files=10,bytes=5GB").succeeded().out();
    assertThat(plan)
        .containsPattern("core hours +0\\.[0-9]*[1-9]")
        .containsPattern("cost +0\\.[0-9]*[1-9][0-9]* at 0.0400 a core hour")
        .containsPattern("wall time, 16 cores +0\\.[0-9]*[1-9][0-9]* hours at most");
  }
}
