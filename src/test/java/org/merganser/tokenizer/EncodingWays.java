package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.merganser.bpe.IdBuffer;

/**
 * Every way from text to ids, or to their number, that the library has: encoding and counting of
 * bytes and of strings, ids with offsets, truncation, and the way back. Tests that know the ids of
 * a text check all of them at once. Each way has caches, so each is asked twice: the caches are
 * warm the second time. Special tokens in the text are parsed.
 */
final class EncodingWays {
  private static final int BEFORE = -7;

  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final TextEncoder strings;
  private String time = "";
  private Supplier<String> what = () -> "";

  /** The ways that add no special tokens. */
  EncodingWays(Tokenizer tokenizer) {
    this(tokenizer, false);
  }

  /**
   * @param addSpecialTokens whether the post-processor adds its tokens
   */
  EncodingWays(Tokenizer tokenizer, boolean addSpecialTokens) {
    this.tokenizer = tokenizer;
    this.encoder = tokenizer.newEncoder(SpecialText.PARSE, addSpecialTokens);
    this.strings = tokenizer.newTextEncoder(SpecialText.PARSE, addSpecialTokens);
  }

  /**
   * Asserts that each way has these ids, cold or not, and warm.
   *
   * @param description is part of the message of a failure
   */
  void check(String text, int[] expected, Supplier<String> description) {
    what = description;
    // Reads of eight bytes must not reach beyond the text, nor depend on what is there.
    byte[] utf8 = text.getBytes(UTF_8);
    byte[] inside = new byte[utf8.length + 40];
    Arrays.fill(inside, (byte) 'z');
    System.arraycopy(utf8, 0, inside, 7, utf8.length);
    int to = 7 + utf8.length;
    for (String each : new String[] {"the first time, ", "the second time, "}) {
      time = each;
      same("encode", expected, appended(out -> encoder.encode(utf8, 0, utf8.length, out)));
      same("encode inside", expected, appended(out -> encoder.encode(inside, 7, to, out)));
      same("encodeBytes", expected, appended(out -> encoder.encodeBytes(inside, 7, to, out)));
      number("count", expected.length, encoder.count(utf8, 0, utf8.length));
      number("count inside", expected.length, encoder.count(inside, 7, to));
      number("countBytes", expected.length, encoder.countBytes(inside, 7, to));
      same("encode a string", expected, strings.encode(text));
      same("encode characters", expected, strings.encode(new StringBuilder(text)));
      number("count a string", expected.length, strings.count(text));
      number("count characters", expected.length, strings.count(new StringBuilder(text)));
      for (int limit : new int[] {1, expected.length / 2, expected.length, expected.length + 1}) {
        int counted = strings.countUpTo(text, limit);
        number("countUpTo " + limit, Math.min(limit, expected.length), counted);
      }
      offsets(text, expected);
      truncation(text, expected);
    }
    decoding(expected);
  }

  /** Whether encoding would lose a part of this text, which every way then refuses. */
  boolean refuses(String text, Supplier<String> description) {
    what = description;
    byte[] utf8 = text.getBytes(UTF_8);
    boolean refused = refused(() -> encoder.encode(utf8, 0, utf8.length, new IdBuffer(8)));
    List<Runnable> ways =
        List.of(
            () -> encoder.encodeBytes(utf8, 0, utf8.length, new IdBuffer(8)),
            () -> encoder.count(utf8, 0, utf8.length),
            () -> encoder.countBytes(utf8, 0, utf8.length),
            () -> strings.encode(text),
            () -> strings.count(text),
            () -> strings.countUpTo(text, 1 << 30),
            () -> strings.encodeWithOffsets(text),
            () -> strings.truncate(text, 1 << 30));
    for (int i = 0; i < ways.size(); i++) {
      if (refused(ways.get(i)) != refused) {
        Assertions.fail("way " + i + (refused ? " loses text" : " refuses") + message());
      }
    }
    return refused;
  }

  private static boolean refused(Runnable way) {
    try {
      way.run();
      return false;
    } catch (UnencodableException e) {
      return true;
    }
  }

  private interface Way {
    void encode(IdBuffer out);
  }

  /** Ids are appended: what a buffer has already stays. */
  private int[] appended(Way way) {
    IdBuffer out = new IdBuffer(0);
    out.add(BEFORE);
    way.encode(out);
    number("the id that the buffer had before", BEFORE, out.ids()[0]);
    return Arrays.copyOfRange(out.ids(), 1, out.size());
  }

  private void offsets(String text, int[] expected) {
    Encoding encoding = strings.encodeWithOffsets(text);
    same("encodeWithOffsets", expected, encoding.ids());
    for (int i = 0; i < expected.length; i++) {
      int start = encoding.charStart(i);
      int end = encoding.charEnd(i);
      if (start < 0 || start > end || end > text.length()) {
        Assertions.fail("span " + start + " to " + end + " of id " + i + message());
      }
    }
  }

  private void truncation(String text, int[] expected) {
    if (!strings.truncate(text, expected.length).equals(text)) {
      Assertions.fail("a text that fits is truncated" + message());
    }
    int added = strings.count("");
    for (int most : new int[] {expected.length - 1, expected.length / 2, 1}) {
      if (most >= added && most < expected.length) {
        String kept = strings.truncate(text, most);
        if (!text.startsWith(kept) || strings.count(kept) > most) {
          Assertions.fail("truncated to " + most + " ids: \"" + kept + "\"" + message());
        }
      }
    }
  }

  private void decoding(int[] ids) {
    if (!Arrays.stream(ids).allMatch(tokenizer::hasToken)) {
      return; // a post-processor may add ids that the vocabulary does not have, as in HF
    }
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.add(id));
    }
    streamed.append(decoder.end());
    if (!tokenizer.decode(ids).contentEquals(streamed)) {
      Assertions.assertEquals(tokenizer.decode(ids), streamed.toString(), this::message);
    }
  }

  private void same(String way, int[] expected, int[] ids) {
    if (!Arrays.equals(expected, ids)) {
      Assertions.assertArrayEquals(expected, ids, () -> way + message());
    }
  }

  private void number(String way, long expected, long count) {
    if (expected != count) {
      Assertions.assertEquals(expected, count, () -> way + message());
    }
  }

  private String message() {
    return ", " + time + what.get();
  }
}
