package org.merganser.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PluralTest {
  @Test
  void oneAloneIsSingular() {
    assertThat(Plural.of(0, "file")).isEqualTo("0 files");
    assertThat(Plural.of(1, "file")).isEqualTo("1 file");
    assertThat(Plural.of(12_345, "dead letter")).isEqualTo("12,345 dead letters");
  }
}
