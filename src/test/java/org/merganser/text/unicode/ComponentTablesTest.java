package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ComponentTablesTest {

  /** The counts that HF 0.23.2's npm binding gave when it was asked for every scalar value. */
  @Test
  void theClassesHaveTheSizesThatHfHas() {
    assertThat(ComponentClasses.NUMERIC.size()).isEqualTo(1_924);
    assertThat(ComponentClasses.PUNCTUATION.size()).isEqualTo(726);
    assertThat(ComponentClasses.WORD.size()).isEqualTo(144_667);
    assertThat(ComponentClasses.WHITE_SPACE.size()).isEqualTo(25);
  }

  @Test
  void whiteSpaceIsTheSameForEveryComponent() {
    for (int c = 0; c < CodePointSet.LIMIT; c++) {
      assertThat(ComponentClasses.WHITE_SPACE.contains(c))
          .as("U+%04X", c)
          .isEqualTo(UnicodeCategories.isWhiteSpace(c));
    }
  }
}
