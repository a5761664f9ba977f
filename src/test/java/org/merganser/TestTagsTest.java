package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tags by which {@code mvn test} and {@code mvn verify} choose their tests. */
final class TestTagsTest {
  @Test
  void theQuickLoopLeavesOutTheTestsOfCompleteRuns() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/java/org/merganser/pipeline/run"))) {
      List<Path> tests = files.filter(file -> file.toString().endsWith("Test.java")).toList();
      assertThat(tests).hasSizeGreaterThan(20);
      for (Path test : tests) {
        assertThat(test).content().contains("@Tag(");
      }
    }
  }
}
