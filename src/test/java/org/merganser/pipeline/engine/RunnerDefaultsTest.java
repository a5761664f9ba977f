package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;

/** The number of threads of a run, which depends on its text. */
final class RunnerDefaultsTest {
  @Test
  void smallTextGetsOneThread() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(threads(RunnerDefaults.forText(List.of(), 4 << 20, 9))).isEqualTo(1);
    assertThat(threads(RunnerDefaults.forText(List.of(), (4 << 20) + 1, 0))).isEqualTo(cores);
    assertThat(threads(RunnerDefaults.forText(List.of(), Long.MAX_VALUE, 1 << 20)))
        .isEqualTo(cores);
    assertThat(threads(RunnerDefaults.forText(List.of(), Long.MAX_VALUE, 1))).isEqualTo(1);
  }

  @Test
  void aGivenNumberOfThreadsStays() {
    List<String> given = List.of("--targetParallelism=3");
    assertThat(RunnerDefaults.forText(given, 1, 1)).isEqualTo(given);
    assertThat(threads(given)).isEqualTo(3);
  }

  @Test
  void anEngineHasThreadsOfItsOwn() {
    List<String> flink = List.of("--runner=FlinkRunner");
    assertThat(RunnerDefaults.forText(flink, 1, 1)).isEqualTo(flink);
  }

  private static int threads(List<String> flags) {
    return RunnerFlags.options(flags).as(DirectOptions.class).getTargetParallelism();
  }
}
