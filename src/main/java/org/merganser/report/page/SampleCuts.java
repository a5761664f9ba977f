package org.merganser.report.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.message.ShortName;
import org.merganser.report.measure.Sentences;
import org.merganser.report.measure.TextPieces;
import org.merganser.text.unicode.CodePoints;

/**
 * The text that the page cuts in five ways, with its sentences and words; the script of the page
 * cuts letters, bytes and subwords. {@link CutTextChoice} chooses it.
 *
 * @param document the name of the text's document, shortened
 * @param text the text
 * @param sentences alternating begins and ends, in UTF-16 units; the text between them is white
 *     space
 * @param words alternating begins and ends, in UTF-16 units, of words and other signs
 */
record SampleCuts(String document, String text, List<Integer> sentences, List<Integer> words) {
  /** The most bytes of the text. */
  static final int MOST_BYTES = 400;

  /**
   * Takes the beginning of a text, up to the last sentence that ends within {@value #MOST_BYTES}
   * bytes, or a part of the first sentence if it is longer.
   *
   * @param document the name of the text's document
   * @param text well-formed UTF-8, of which the first {@code length} bytes count
   */
  static SampleCuts of(String document, byte[] text, int length) {
    int end = end(text, length);
    List<Integer> sentences = new ArrayList<>();
    List<Integer> words = new ArrayList<>();
    Sentences.split(
        text,
        0,
        end,
        (from, to) -> {
          sentences.add(units(text, from));
          sentences.add(units(text, to));
          TextPieces.split(
              text,
              from,
              to,
              (start, stop, isWord) -> {
                words.add(units(text, start));
                words.add(units(text, stop));
              });
        });
    return new SampleCuts(
        ShortName.of(document), new String(text, 0, end, StandardCharsets.UTF_8), sentences, words);
  }

  /** Where the text to show ends: after a sentence, or at the limit within the first one. */
  private static int end(byte[] text, int length) {
    int limit = wholeCharacters(text, length);
    List<Integer> ends = new ArrayList<>();
    Sentences.split(text, 0, limit, (from, to) -> ends.add(to));
    if (ends.isEmpty()) {
      return 0;
    }
    int last = ends.size() - 1;
    boolean mayLastBeCut = ends.get(last) == limit && limit < length;
    return ends.get(mayLastBeCut && last > 0 ? last - 1 : last);
  }

  /** The end of the last character that is complete within {@link #MOST_BYTES}. */
  private static int wholeCharacters(byte[] text, int length) {
    int limit = Math.min(length, MOST_BYTES);
    while (limit < length && limit > 0 && CodePoints.isContinuation(text[limit])) {
      limit--;
    }
    return limit;
  }

  /** The number of UTF-16 units of the text before a byte; the text is short. */
  private static int units(byte[] text, int to) {
    return new String(text, 0, to, StandardCharsets.UTF_8).length();
  }
}
