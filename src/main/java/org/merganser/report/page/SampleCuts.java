package org.merganser.report.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.report.ShortName;
import org.merganser.report.measure.Sentences;
import org.merganser.report.measure.TextPieces;

/**
 * A text with the ends of its sentences and words; the page cuts letters, bytes and subwords.
 *
 * @param sentences alternating begins and ends, in UTF-16 units; the text between them is white
 *     space
 * @param words alternating begins and ends
 */
record SampleCuts(String document, String text, List<Integer> sentences, List<Integer> words) {
  private static final int MOST_BYTES = 400;

  /** Takes the beginning of a text, up to the last sentence that ends within some hundred bytes. */
  static SampleCuts of(String document, byte[] text, int length) {
    int[] end = {0};
    int most = Math.min(length, MOST_BYTES);
    while (most < length && most > 0 && (text[most] & 0xC0) == 0x80) {
      most--;
    }
    int limit = most;
    Sentences.split(
        text,
        0,
        limit,
        (from, to) -> {
          if (to < limit || limit == length || end[0] == 0) {
            end[0] = to;
          }
        });
    List<Integer> sentences = new ArrayList<>();
    List<Integer> words = new ArrayList<>();
    Sentences.split(
        text,
        0,
        end[0],
        (from, to) -> {
          sentences.add(units(text, from));
          sentences.add(units(text, to));
          TextPieces.split(
              text,
              from,
              to,
              (start, stop, word) -> {
                words.add(units(text, start));
                words.add(units(text, stop));
              });
        });
    return new SampleCuts(
        ShortName.of(document),
        new String(text, 0, end[0], StandardCharsets.UTF_8),
        sentences,
        words);
  }

  private static int units(byte[] text, int to) {
    return new String(text, 0, to, StandardCharsets.UTF_8).length();
  }
}
