package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.merganser.bpe.IdBuffer;

/**
 * Every way from text to ids, or to their number, that the library has: encoding and counting of
 * bytes and of strings, ids with offsets, truncation, and the way back. Tests that know the ids of
 * a text check all of them at once. Each way has caches, so each is asked twice: the caches are
 * warm the second time. Special tokens in the text are parsed, and none is added.
 */
final class EncodingWays {
  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final TextEncoder texts;

  EncodingWays(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.encoder = tokenizer.newEncoder(SpecialText.PARSE);
    this.texts = tokenizer.newTextEncoder(SpecialText.PARSE, false);
  }

  /**
   * Asserts that each way has these ids, cold or not, and warm.
   *
   * @param what describes the case in a failure
   */
  void check(String text, int[] expected, String what) {
    once(text, expected, "the first time, " + what);
    once(text, expected, "the second time, " + what);
  }

  private void once(String text, int[] expected, String what) {
    // Reads of eight bytes must not reach beyond the text, nor depend on what is there.
    byte[] utf8 = text.getBytes(UTF_8);
    byte[] inside = new byte[utf8.length + 40];
    Arrays.fill(inside, (byte) 'z');
    System.arraycopy(utf8, 0, inside, 7, utf8.length);

    ids("encode", what, expected, out -> encoder.encode(utf8, 0, utf8.length, out));
    ids("encode inside", what, expected, out -> encoder.encode(inside, 7, 7 + utf8.length, out));
    ids("encodeBytes", what, expected, out -> encoder.encodeBytes(utf8, 0, utf8.length, out));
    number("count", what, expected, encoder.count(utf8, 0, utf8.length));
    number("count inside", what, expected, encoder.count(inside, 7, 7 + utf8.length));
    number("countBytes", what, expected, encoder.countBytes(utf8, 0, utf8.length));

    assertThat(texts.encode(text)).as("encode of a string, %s", what).isEqualTo(expected);
    assertThat(texts.encode(new StringBuilder(text)))
        .as("encode of characters, %s", what)
        .isEqualTo(expected);
    number("count of a string", what, expected, texts.count(text));
    number("count of characters", what, expected, texts.count(new StringBuilder(text)));
    for (int limit : new int[] {0, 1, expected.length / 2, expected.length, expected.length + 1}) {
      assertThat(texts.countUpTo(text, limit))
          .as("countUpTo %d, %s", limit, what)
          .isEqualTo(Math.min(limit, expected.length));
    }
    offsets(text, expected, what);
    truncation(text, expected, what);
    decoding(expected, what);
  }

  private interface Way {
    void encode(IdBuffer out);
  }

  /** Ids are appended: what a buffer has already stays. */
  private static void ids(String way, String what, int[] expected, Way encode) {
    for (int capacity : new int[] {0, expected.length + 1, 2 * expected.length + 1}) {
      IdBuffer out = new IdBuffer(capacity);
      out.add(17);
      encode.encode(out);
      assertThat(Arrays.copyOfRange(out.ids(), 1, out.size()))
          .as("%s, %s", way, what)
          .isEqualTo(expected);
      assertThat(out.ids()[0]).isEqualTo(17);
    }
  }

  private static void number(String way, String what, int[] expected, long count) {
    assertThat(count).as("%s, %s", way, what).isEqualTo(expected.length);
  }

  private void offsets(String text, int[] expected, String what) {
    Encoding encoding = texts.encodeWithOffsets(text);
    assertThat(encoding.ids()).as("offsets, %s", what).isEqualTo(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(encoding.charStart(i))
          .as("start of id %d, %s", i, what)
          .isBetween(0, encoding.charEnd(i));
      assertThat(encoding.charEnd(i))
          .as("end of id %d, %s", i, what)
          .isLessThanOrEqualTo(text.length());
    }
  }

  private void truncation(String text, int[] expected, String what) {
    assertThat(texts.truncate(text, expected.length)).as("whole, %s", what).isEqualTo(text);
    for (int most : new int[] {expected.length - 1, expected.length / 2, 1}) {
      if (most > 0 && most < expected.length) {
        String kept = texts.truncate(text, most);
        assertThat(text).as("truncate to %d, %s", most, what).startsWith(kept);
        assertThat(texts.count(kept))
            .as("ids of a text truncated to %d, %s", most, what)
            .isLessThanOrEqualTo(most);
      }
    }
  }

  private void decoding(int[] expected, String what) {
    String text = tokenizer.decode(expected);
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
    StringBuilder streamed = new StringBuilder();
    for (int id : expected) {
      streamed.append(decoder.add(id));
    }
    streamed.append(decoder.end());
    assertThat(streamed.toString()).as("streamed text, %s", what).isEqualTo(text);
  }
}
