package org.merganser.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class PermutedLettersTest {
  private static final String TEXT =
      "The sun, the Sun; THE SUN 42 times. Größe, ναι και όχι, привет Привет, 日本語です, 🌲 e\u0301\n";

  private static String permuted(long seed, String text) {
    return new String(new PermutedLetters(seed).apply(text.getBytes(UTF_8)), UTF_8);
  }

  @Test
  void otherLettersHaveTheLengthsAndMarksOfTheText() {
    String permuted = permuted(1, TEXT);
    assertThat(permuted.getBytes(UTF_8)).hasSameSizeAs(TEXT.getBytes(UTF_8));
    assertThat(permuted.replaceAll("\\p{L}", "x")).isEqualTo(TEXT.replaceAll("\\p{L}", "x"));
    assertThat(permuted.replaceAll("\\p{Lu}", "X").replaceAll("\\p{L}", "x"))
        .isEqualTo(TEXT.replaceAll("\\p{Lu}", "X").replaceAll("\\p{L}", "x"));
    assertThat(permuted).doesNotContain("sun", "привет", "日本");
  }

  @Test
  void theSameLetterBecomesTheSameLetterInBothCases() {
    String[] words = permuted(1, TEXT).split("[^\\p{L}]+");
    assertThat(words[2]).isEqualTo(words[0].toLowerCase(Locale.ROOT));
    assertThat(words[4]).isEqualTo(words[0].toUpperCase(Locale.ROOT));
  }

  @Test
  void eachSeedHasLettersOfItsOwn() {
    assertThat(permuted(1, TEXT)).isEqualTo(permuted(1, TEXT)).isNotEqualTo(permuted(2, TEXT));
  }
}
