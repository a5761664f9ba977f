package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.UniformLeadBytes;

class UniformLeadBytesTest {
  @ParameterizedTest
  @EnumSource
  void everyCharacterOfALeadInARangeHasTheRangesClass(SplitPattern pattern) {
    byte[] classes = table(pattern);
    UniformLeadBytes leads = new UniformLeadBytes(classes);
    int uniform = 0;
    for (int c = 0x80; c < UnicodeCategories.CODE_POINTS; c++) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      int lead = Character.toString(c).getBytes(UTF_8)[0] & 0xFF;
      int range = leads.range((byte) lead);
      if (range != UniformLeadBytes.MIXED) {
        uniform++;
        if (UniformLeadBytes.flags(range) != (classes[c] & 0xFF)
            || lead < UniformLeadBytes.lowest(range)
            || lead > UniformLeadBytes.highest(range)) {
          assertThat(UniformLeadBytes.flags(range)).as("U+%04X", c).isEqualTo(classes[c] & 0xFF);
          assertThat(lead)
              .isBetween(UniformLeadBytes.lowest(range), UniformLeadBytes.highest(range));
        }
      }
    }
    assertThat(uniform).as("characters told by their first byte").isGreaterThan(20_000);
  }

  @Test
  void cyrillicIsToldByItsFirstBytesWhereCaseDoesNotMatter() {
    UniformLeadBytes leads = new UniformLeadBytes(table(SplitPattern.GPT2));
    int range = leads.range((byte) 0xD1);
    assertThat(UniformLeadBytes.lowest(range)).isEqualTo(0xD0);
    assertThat(UniformLeadBytes.highest(range)).isEqualTo(0xD1);
    assertThat(UniformLeadBytes.flags(range)).isEqualTo(PretokenClasses.LETTER);
    leads = new UniformLeadBytes(table(SplitPattern.O200K));
    assertThat(leads.range((byte) 0xD0)).isEqualTo(UniformLeadBytes.MIXED);
  }

  @Test
  void aMaskBetweenTwoBytesHasJustThose() {
    Random random = new Random(Seeds.next());
    byte[] block = new byte[AsciiMasks.BLOCK];
    for (int round = 0; round < 2_000; round++) {
      random.nextBytes(block);
      int low = 0x80 + random.nextInt(0x80);
      int high = low + random.nextInt(0x100 - low);
      long expected = 0;
      for (int i = 0; i < block.length; i++) {
        int b = block[i] & 0xFF;
        expected |= (b >= low && b <= high ? 1L : 0) << i;
      }
      assertThat(AsciiMasks.between(block, 0, low, high)).isEqualTo(expected);
    }
  }

  @Test
  void aRunEndsAtTheFirstByteOfAnotherCharacter() {
    UniformLeadBytes leads = new UniformLeadBytes(table(SplitPattern.GPT2));
    int range = leads.range((byte) 0xD0);
    Random random = new Random(Seeds.next());
    String alphabet = "aя яbЖ é漢";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder("я");
      int others = random.nextInt(40);
      for (int i = 0; i < 40; i++) {
        text.append(alphabet.charAt(random.nextInt(i < others ? 6 : alphabet.length())));
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      int to = random.nextInt(bytes.length) + 1;
      int expected = 0;
      while (expected < to
          && (bytes[expected] < (byte) 0xC0
              || bytes[expected] >= 0
              || bytes[expected] == (byte) 0xD0
              || bytes[expected] == (byte) 0xD1)) {
        expected++;
      }
      assertThat(UniformLeadBytes.runEnd(bytes, 0, to, range))
          .as(text.toString())
          .isEqualTo(expected);
    }
  }

  private static byte[] table(SplitPattern pattern) {
    return PretokenClasses.table(SplitPattern.rules(pattern.regexes()).orElseThrow());
  }
}
