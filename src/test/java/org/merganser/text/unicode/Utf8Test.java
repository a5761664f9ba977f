package org.merganser.text.unicode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;

class Utf8Test {

  @Test
  void everyScalarValueIsWellFormedAndKnowsItsLength() {
    ByteBuilder text = new ByteBuilder(4);
    for (int c = 0; c < 0x110000; c++) {
      if (c < 0xD800 || c > 0xDFFF) {
        text.clear();
        text.appendCodePoint(c);
        boolean right =
            Utf8.firstIllFormed(text.bytes(), 0, text.length()) == -1
                && CodePoints.length(text.bytes()[0]) == text.length()
                && Utf8.codePoint(text.bytes(), 0) == c;
        assertThat(right).as("U+%04X", c).isTrue();
      }
    }
  }

  @Test
  void everyStartOfThreeBytesIsJudgedAsTheJdkJudgesIt() {
    for (int lead = 0; lead < 256; lead++) {
      for (int second = 0; second < 256; second++) {
        for (int third : new int[] {0, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xF5, 0xFF}) {
          assertLikeTheJdk(new byte[] {(byte) lead, (byte) second, (byte) third}, "");
        }
      }
    }
  }

  @Test
  void everyLeadAndSecondIsJudgedAsTheJdkJudgesItAtEveryPlaceOfAWord() {
    for (int before = 0; before < 10; before++) {
      byte[] text = new byte[before + 20];
      Arrays.fill(text, (byte) 'a');
      for (int lead = 0xC0; lead < 256; lead++) {
        int length = CodePoints.length((byte) lead);
        Arrays.fill(text, before + 2, before + length, (byte) 0x80);
        for (int second = 0; second < 256; second++) {
          text[before] = (byte) lead;
          text[before + 1] = (byte) second;
          assertLikeTheJdk(text, before + " bytes before");
        }
      }
    }
  }

  @Test
  void randomDamageIsJudgedAndReplacedAsTheJdkDoes() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] text = "aé中🌲 z".repeat(1 + random.nextInt(6)).getBytes(UTF_8);
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      int to = random.nextInt(text.length + 1);
      assertLikeTheJdk(Arrays.copyOf(text, to), "seed " + seed + " round " + round);
    }
  }

  @Test
  void damageIsFoundAtEveryPlaceOfEveryLengthAroundTheSixteenByteSteps() {
    for (int length = 1; length <= 70; length++) {
      byte[] text = new byte[length + 5];
      Arrays.fill(text, (byte) 'a');
      assertThat(Utf8.firstIllFormed(text, 3, 3 + length)).isEqualTo(-1);
      for (int at = 0; at < text.length; at++) {
        text[at] = (byte) 0xFF;
        boolean inside = at >= 3 && at < 3 + length;
        assertThat(Utf8.firstIllFormed(text, 3, 3 + length)).isEqualTo(inside ? at : -1);
        text[at] = 'a';
      }
    }
  }

  @Test
  void overlongFormsSurrogatesAndValuesAboveTheLastPlaneAreIllFormed() {
    assertIllFormed(1, 0xC0, 0x80);
    assertIllFormed(1, 0xE0, 0x9F, 0xBF);
    assertIllFormed(1, 0xED, 0xA0, 0x80);
    assertIllFormed(1, 0xF0, 0x8F, 0xBF, 0xBF);
    assertIllFormed(1, 0xF4, 0x90, 0x80, 0x80);
    assertIllFormed(1, 0xF5, 0x80, 0x80, 0x80);
    assertIllFormed(1, 0x80);
    assertIllFormed(2, 0xE4, 0xB8);
    assertIllFormed(3, 0xF0, 0x9F, 0x8C);
    assertIllFormed(3, 0xF0, 0x9F, 0x8C, 0x41);
  }

  @Test
  void aWellFormedCharacterHasNoIllFormedLength() {
    assertThatThrownBy(() -> Utf8.illFormedLength("é".getBytes(UTF_8), 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a well-formed character of 2 bytes starts at byte 0");
  }

  private static void assertIllFormed(int length, int... bytes) {
    byte[] text = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[i] = (byte) bytes[i];
    }
    assertThat(Utf8.firstIllFormed(text, 0, text.length)).isZero();
    assertThat(Utf8.illFormedLength(text, 0, text.length)).isEqualTo(length);
  }

  /**
   * The JDK's decoder stops at the first ill-formed part, and replaces maximal parts; but it takes
   * an encoded surrogate for one part, where no byte of it begins a well-formed sequence. So it is
   * shown a byte that is never well-formed in place of the surrogate's first.
   */
  private static void assertLikeTheJdk(byte[] text, String description) {
    byte[] shown = text.clone();
    for (int i = 0; i + 1 < shown.length; i++) {
      if (shown[i] == (byte) 0xED && shown[i + 1] >= (byte) 0xA0 && shown[i + 1] < (byte) 0xC0) {
        shown[i] = (byte) 0xFF;
      }
    }
    ByteBuffer in = ByteBuffer.wrap(shown);
    CoderResult result = UTF_8.newDecoder().decode(in, CharBuffer.allocate(text.length), true);
    int expected = result.isError() ? in.position() : -1;
    ByteBuilder replaced = new ByteBuilder(0);
    Utf8.replaceIllFormed(text, 0, text.length, replaced);
    boolean same =
        Utf8.firstIllFormed(text, 0, text.length) == expected
            && Arrays.equals(replaced.toByteArray(), new String(shown, UTF_8).getBytes(UTF_8));
    assertThat(same).as("%s %s", description, Arrays.toString(text)).isTrue();
  }
}
