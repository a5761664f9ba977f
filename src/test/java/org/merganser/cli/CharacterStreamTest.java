package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A text that comes byte by byte is shown character by character. */
final class CharacterStreamTest {
  @Test
  void holdsTheBytesOfACharacterUntilItIsWhole() {
    String text = "aé車🌲!";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CharacterStream stream = new CharacterStream(0);
    StringBuilder shown = new StringBuilder();
    for (int size = 1; size <= bytes.length; size++) {
      String more = stream.more(Arrays.copyOf(bytes, size));
      assertThat(more).doesNotContain("\uFFFD");
      assertThat(more.codePointCount(0, more.length())).isLessThanOrEqualTo(1);
      shown.append(more);
    }
    assertThat(shown.append(stream.rest())).hasToString(text);
  }

  @Test
  void beginsBehindWhatWasShown() {
    CharacterStream stream = new CharacterStream(3);
    assertThat(stream.more("The sky".getBytes(StandardCharsets.UTF_8))).isEqualTo(" sky");
  }

  @Test
  void replacesWhatNeverBecomesACharacter() {
    CharacterStream stream = new CharacterStream(0);
    assertThat(stream.more(new byte[] {(byte) 0xE6})).isEmpty();
    assertThat(stream.more(new byte[] {(byte) 0xE6, 'a'})).isEqualTo("\uFFFDa");
    assertThat(stream.more(new byte[] {(byte) 0xE6, 'a', (byte) 0xF0})).isEmpty();
    assertThat(stream.rest()).isEqualTo("\uFFFD");
    assertThat(stream.rest()).isEmpty();
  }
}
