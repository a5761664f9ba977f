package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a program costs. */
@EnabledOnOs(OS.LINUX)
final class WholeProcessTest {
  @TempDir Path folder;

  private WholeProcess shell(String script) {
    return new WholeProcess(List.of("sh", "-c", script), folder.resolve("output.log"));
  }

  @Test
  void timesOfChildrenFollowANameThatMayHoldBrackets() {
    String status = "7 (a) b (c)) S 1 7 7 0 -1 4 10 20 30 40 50 60 1250 250 20 0 9\n";
    assertThat(WholeProcess.childrenSeconds(status)).isEqualTo(15.0);
  }

  @Test
  void aProgramThatRunsHasUsedMemoryAndTime() throws Exception {
    WholeProcess.Cost cost = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").run();
    assertThat(cost.cpuSeconds()).isPositive();
    assertThat(cost.wallSeconds()).isPositive();
    assertThat(cost.residentBytes()).isGreaterThan(100_000);
  }

  @Test
  void aProgramThatFailsSaysWhatItPrinted() {
    assertThatThrownBy(() -> shell("echo no input; exit 3").run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended with exit code 3 and printed:")
        .hasMessageContaining("no input");
  }

  @Test
  void aProgramIsKilledOnlyWhileItRuns() throws Exception {
    assertThat(shell("exec sleep 600").kill(Duration.ofMillis(50)).wallSeconds()).isLessThan(600);
    assertThatThrownBy(() -> shell("true").kill(Duration.ofMinutes(10)))
        .hasMessageContaining("ended with exit code 0 and printed");
  }
}
