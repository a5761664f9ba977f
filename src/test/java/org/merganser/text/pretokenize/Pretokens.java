package org.merganser.text.pretokenize;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what a pre-tokenizer hands on; a byte is shown as the Latin-1 character of its value.
 */
public final class Pretokens {
  private Pretokens() {}

  /** Cuts the text from a place inside a larger array, as a caller may. */
  public static List<String> latin1(PreTokenizer preTokenizer, String text) {
    byte[] bytes = ("é" + text + "é").getBytes(UTF_8);
    List<String> pretokens = new ArrayList<>();
    preTokenizer.split(
        bytes,
        2,
        bytes.length - 2,
        true,
        (array, start, ends, count) -> {
          int from = start;
          for (int i = 0; i < count; i++) {
            if (ends[i] <= from) {
              throw new AssertionError("empty pretoken at " + from + " of " + text);
            }
            pretokens.add(new String(array, from, ends[i] - from, ISO_8859_1));
            from = ends[i];
          }
        });
    return pretokens;
  }

  /** The same, for pretokens that are whole characters. */
  public static List<String> of(PreTokenizer preTokenizer, String text) {
    return latin1(preTokenizer, text).stream()
        .map(pretoken -> new String(pretoken.getBytes(ISO_8859_1), UTF_8))
        .toList();
  }
}
