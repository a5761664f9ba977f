package org.merganser.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

final class ByteBuilderTest {
  /** The first and last characters of each length in UTF-8, and halves of surrogate pairs. */
  private static final char[] CHARACTERS =
      "\u0000a \u007F\u0080\u07FF\u0800\uD7FF\uD800\uDBFF\uDC00\uDFFF\uE000\uFFFF".toCharArray();

  @Test
  void appendsUtf16AsJavaDoesButWithTheReplacementCharacter() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      char[] chars = new char[random.nextInt(12)];
      for (int k = 0; k < chars.length; k++) {
        chars[k] = CHARACTERS[random.nextInt(CHARACTERS.length)];
      }
      int from = random.nextInt(chars.length + 1);
      int to = from + random.nextInt(chars.length - from + 1);
      ByteBuilder utf8 = new ByteBuilder(0);
      utf8.append((byte) 'x');
      utf8.appendUtf16(chars, from, to);
      // Java writes ? for half a pair; after a character of four bytes none is alone.
      StringBuilder text = new StringBuilder("x");
      new String(chars, from, to - from)
          .codePoints()
          .forEach(c -> text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
      assertThat(utf8.toByteArray())
          .as("seed %d, %d", seed, i)
          .isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
