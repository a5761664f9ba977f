package org.merganser.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.merganser.report.statistics.Statistics.Check;

final class CheckListTest {
  private final CheckList checks = new CheckList();

  @Test
  void saysWhatIsWantedOfEachKindOfFigure() {
    checks.addNone("none", 0, "0", "advice");
    checks.addShare("share", new BigDecimal("0.05"), new BigDecimal("0.05"), "5 %", "advice");
    checks.addShare("small", null, new BigDecimal("0.001"), "unknown", "advice");
    checks.addAtMost("most", BigDecimal.ONE, new BigDecimal(64), "1", "advice");
    checks.addAtLeast("least", new BigDecimal("0.3"), new BigDecimal("0.3"), "0.3", "advice");
    assertThat(checks.failedFirst())
        .allMatch(Check::passed)
        .extracting(Check::wanted)
        .containsExactly("none", "at most 5 %", "at most 0.1 %", "at most 64", "at least 0.3");
  }

  @Test
  void hasFailedChecksFirstAndAdviceForThemAlone() {
    checks.addNone("passed", 0, "0", "advice");
    checks.addNone("failed", 1, "1", "advice");
    checks.addMissing("missing", "nothing", "something", "add it");
    checks.addAtLeast("small", new BigDecimal("0.29"), new BigDecimal("0.3"), "0.29", "advice");
    assertThat(checks.failedFirst())
        .extracting(Check::name)
        .containsExactly("failed", "missing", "small", "passed");
    assertThat(checks.failedFirst())
        .extracting(Check::advice)
        .containsExactly("advice", "add it", "advice", "");
  }
}
