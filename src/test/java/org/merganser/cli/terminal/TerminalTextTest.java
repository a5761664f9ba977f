package org.merganser.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
  @Test
  void keepsAValueInOneLine() {
    assertThat(TerminalText.line("a\u001b[2J\u202eb\r\n\td \u00e9\ud83d\ude00"))
        .isEqualTo("a\\u001B[2J\\u202Eb\\u000D\\u000A\\u0009d \u00e9\ud83d\ude00");
  }

  @Test
  void showsBytesWithoutLoss() {
    byte[] bytes = {'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, (byte) 0xE2, 0x1B, '\n', 'b'};
    assertThat(TerminalText.lossless(bytes, 8)).isEqualTo("a\\xFF\u00e9\\xE2\u001b\nb");
    assertThat(TerminalText.lossless(bytes, 3)).isEqualTo("a\\xFF\\xC3");
    assertThat(TerminalText.lossless(bytes, 0)).isEmpty();
  }

  @Test
  void cutsALongMessageBetweenCharacters() {
    assertThat(TerminalText.message("x".repeat(8_000))).hasSize(8_000);
    assertThat(TerminalText.message("x".repeat(8_001))).endsWith("x… (1 more character)");
    assertThat(TerminalText.message("x".repeat(7_999) + "\ud83d\ude00"))
        .endsWith("x… (2 more characters)");
    assertThat(TerminalText.message("x".repeat(1_500_000))).hasSizeLessThan(8_100);
  }
}
