package org.merganser.tokenizer;

import org.merganser.bpe.IdBuffer;
import org.merganser.text.unicode.CodePoints;

/** Where the characters (code points) of a text are, in bytes of UTF-8 and in {@code char}s. */
final class CharacterPlaces {
  /** By character, and for the end of the text: the number of bytes before it. */
  private final int[] bytePlaces;

  /** By character, and for the end of the text: the number of {@code char}s before it. */
  private final int[] charPlaces;

  /** By byte, and for the end of the text: see {@link #charactersBefore(int)}. */
  private final int[] charactersBefore;

  /** The places of the characters of {@code text[0, length)}, well-formed UTF-8. */
  CharacterPlaces(byte[] text, int length) {
    charactersBefore = countCharacters(text, length);
    int count = charactersBefore[length];
    bytePlaces = new int[count + 1];
    charPlaces = new int[count + 1];
    for (int i = 0; i < count; i++) {
      int bytes = CodePoints.length(text[bytePlaces[i]]);
      int chars = bytes == 4 ? 2 : 1;
      bytePlaces[i + 1] = bytePlaces[i] + bytes;
      charPlaces[i + 1] = charPlaces[i] + chars;
    }
  }

  /** The number of characters before the one that contains the byte {@code place}. */
  int charactersBefore(int place) {
    return charactersBefore[place];
  }

  /**
   * The ids of a text with their spans, between those of a frame, which have the empty span at 0.
   *
   * @param starts by id of the text, where its span begins, in characters
   * @param ends by id of the text, where its span ends, in characters
   */
  Encoding encoding(FrameIds frame, IdBuffer ids, int[] starts, int[] ends) {
    int count = starts.length;
    int[] all = frame.around(ids.ids(), count);
    int[] byteStarts = new int[all.length];
    int[] byteEnds = new int[all.length];
    int[] charStarts = new int[all.length];
    int[] charEnds = new int[all.length];
    for (int i = 0; i < count; i++) {
      int at = frame.before().length + i;
      byteStarts[at] = bytePlaces[starts[i]];
      byteEnds[at] = bytePlaces[ends[i]];
      charStarts[at] = charPlaces[starts[i]];
      charEnds[at] = charPlaces[ends[i]];
    }
    return new Encoding(all, byteStarts, byteEnds, charStarts, charEnds);
  }

  /** By byte, the number of characters before the one that contains it; last, the number of all. */
  private static int[] countCharacters(byte[] text, int length) {
    int[] before = new int[length + 1];
    int count = 0;
    for (int at = 0; at < length; at++) {
      if (CodePoints.isContinuation(text[at])) {
        before[at] = count - 1;
      } else {
        before[at] = count;
        count++;
      }
    }
    before[length] = count;
    return before;
  }
}
