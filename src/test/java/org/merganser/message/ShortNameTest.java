package org.merganser.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShortNameTest {
  @Test
  void keepsNamesOfTwoHundredUnitsAndCutsLongerOnes() {
    assertThat(ShortName.of("a".repeat(200))).isEqualTo("a".repeat(200));
    assertThat(ShortName.of("a".repeat(201))).isEqualTo("a".repeat(200) + "…");
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertThat(ShortName.of("a".repeat(199) + "🌲".repeat(5))).isEqualTo("a".repeat(199) + "…");
  }
}
