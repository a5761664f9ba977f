package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnginesCommandTest {
  @Test
  void namesEveryFileThatIsMissingOrNewOrHasOtherBytes() {
    Map<String, String> expected = Map.of("a", "1", "b", "2", "c", "3");
    assertThat(EnginesCommand.different(expected, Map.of("a", "1", "b", "4", "d", "5")))
        .containsExactly("b", "c", "d");
    assertThat(EnginesCommand.different(expected, Map.copyOf(expected))).isEmpty();
  }
}
