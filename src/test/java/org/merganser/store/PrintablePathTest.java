package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintablePathTest {
  @Test
  void aNameHasNoSlashEvenIfTheRootHasAFolderOfThisName() {
    assertThat(PrintablePath.ofUri("/%C3%A9")).isEqualTo("é");
    assertThat(PrintablePath.ofUri("/%C3%A9/")).isEqualTo("é");
    assertThat(PrintablePath.ofUri("/a%FFb/")).isEqualTo("a%FFb");
  }
}
