package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {

  @Test
  void aSpaceIsWrittenAsGWithADot() {
    byte[] bytes = " the\n".getBytes(StandardCharsets.UTF_8);
    assertThat(ByteAlphabet.toToken(bytes, 0, bytes.length)).isEqualTo("ĠtheĊ");
    assertThat(ByteAlphabet.toToken(bytes, 1, 3)).isEqualTo("th");
  }

  @Test
  void theUnprintedBytesStartAtU0100InOrder() {
    assertThat(ByteAlphabet.toChar(0)).isEqualTo('\u0100');
    assertThat(ByteAlphabet.toChar(0x20)).isEqualTo('\u0120');
    assertThat(ByteAlphabet.toChar(0x21)).isEqualTo('!');
    assertThat(ByteAlphabet.toChar(0x7E)).isEqualTo('~');
    assertThat(ByteAlphabet.toChar(0x7F)).isEqualTo('\u0121');
    assertThat(ByteAlphabet.toChar(0xA0)).isEqualTo('\u0142');
    assertThat(ByteAlphabet.toChar(0xA1)).isEqualTo('\u00A1');
    assertThat(ByteAlphabet.toChar(0xAD)).isEqualTo('\u0143');
    assertThat(ByteAlphabet.toChar(0xFF)).isEqualTo('\u00FF');
  }

  @Test
  void all256BytesSurviveTheRoundTrip() {
    byte[] all = new byte[256];
    for (int b = 0; b < 256; b++) {
      all[b] = (byte) b;
    }
    String token = ByteAlphabet.toToken(all, 0, 256);
    assertThat(token.chars().distinct().count()).isEqualTo(256);
    assertThat(ByteAlphabet.toBytes(token)).isEqualTo(all);
    for (int b = 0; b < 256; b++) {
      assertThat(ByteAlphabet.toByte(ByteAlphabet.toChar(b))).isEqualTo(b);
    }
  }

  private static byte[] ofUtf8(String token) {
    byte[] around = ("Ġ" + token + "Ġ").getBytes(StandardCharsets.UTF_8);
    return ByteAlphabet.toBytes(around, 2, around.length - 2);
  }

  @Test
  void aTokenInUtf8HasTheBytesOfTheSameString() {
    List<String> different = new ArrayList<>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        String alone = Character.toString(codePoint);
        for (String token : new String[] {alone, "aĠ" + alone + "Ń"}) {
          if (!Arrays.equals(ofUtf8(token), ByteAlphabet.toBytes(token))) {
            different.add(token);
          }
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(ofUtf8("")).isEmpty();
    assertThat(ofUtf8("ĠtheĊ")).isEqualTo(" the\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void otherCharactersStandForNoByte() {
    assertThat(ByteAlphabet.toByte(' ')).isEqualTo(-1);
    assertThat(ByteAlphabet.toByte(0xAD)).isEqualTo(-1);
    assertThat(ByteAlphabet.toByte(0x143)).isEqualTo(0xAD);
    assertThat(ByteAlphabet.toByte(0x144)).isEqualTo(-1);
    assertThat(ByteAlphabet.toByte(-1)).isEqualTo(-1);
    assertThat(ByteAlphabet.toByte(0x10FFFF)).isEqualTo(-1);
    assertThat(ByteAlphabet.toBytes("a b")).isNull();
    assertThat(ByteAlphabet.toBytes("🌲")).isNull();
    assertThat(ByteAlphabet.toBytes("")).isEmpty();
  }
}
