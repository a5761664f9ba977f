package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
  @Test
  void spellsOutWhatCouldSteerATerminal() {
    assertThat(TerminalText.safe("a\u001b[2Jb\u0007\u009bc\u007f\r\n\td \u00e9\ud83d\ude00"))
        .isEqualTo("a\\u001B[2Jb\\u0007\\u009Bc\\u007F\\u000D\n\td \u00e9\ud83d\ude00");
  }

  @Test
  void cutsALongMessageBetweenCharacters() {
    assertThat(TerminalText.safe("x".repeat(8_000))).hasSize(8_000);
    assertThat(TerminalText.safe("x".repeat(8_001))).endsWith("x… (1 more characters)");
    assertThat(TerminalText.safe("x".repeat(7_999) + "\ud83d\ude00"))
        .endsWith("x… (2 more characters)");
    assertThat(TerminalText.safe("x".repeat(1_500_000))).hasSizeLessThan(8_100);
  }
}
