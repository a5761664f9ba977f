package org.merganser.tokenizer;

import org.merganser.bpe.IdBuffer;
import org.merganser.text.unicode.CodePoints;

/** The characters of a text: their places in bytes of UTF-8 and in {@code char}s. Immutable. */
final class CharacterPlaces {
  /** By character, and for the end of the text. */
  private final int[] bytePlaces;

  private final int[] charPlaces;

  /** By byte, and for the end of the text: how many characters begin before it. */
  private final int[] characters;

  CharacterPlaces(byte[] text, int length) {
    characters = new int[length + 1];
    int count = 0;
    for (int at = 0; at < length; at++) {
      characters[at] = (text[at] & 0xC0) == 0x80 ? count - 1 : count++;
    }
    characters[length] = count;
    bytePlaces = new int[count + 1];
    charPlaces = new int[count + 1];
    int chars = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      bytePlaces[i] = at;
      charPlaces[i] = chars;
      int bytes = CodePoints.length(text[at]);
      at += bytes;
      chars += bytes == 4 ? 2 : 1;
    }
    bytePlaces[count] = at;
    charPlaces[count] = chars;
  }

  /** The number of characters before the one that holds the byte {@code place}. */
  int characters(int place) {
    return characters[place];
  }

  /**
   * Ids with their spans, between ids that have none.
   *
   * @param from where each span begins, in characters
   * @param to where each span ends, in characters
   */
  Encoding encoding(int[] before, IdBuffer ids, int[] from, int[] to, int[] after) {
    int count = from.length;
    int[] all = new int[before.length + count + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(ids.ids(), 0, all, before.length, count);
    System.arraycopy(after, 0, all, before.length + count, after.length);
    int[] spans = new int[4 * all.length];
    for (int i = 0; i < count; i++) {
      int at = 4 * (before.length + i);
      spans[at] = bytePlaces[from[i]];
      spans[at + 1] = bytePlaces[to[i]];
      spans[at + 2] = charPlaces[from[i]];
      spans[at + 3] = charPlaces[to[i]];
    }
    return new Encoding(all, spans);
  }
}
