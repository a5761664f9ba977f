package org.merganser.corpus.kind;

import org.merganser.text.unicode.Utf8;

/** Counts of the bytes of a sample that is not UTF-8, by what they are in single-byte encodings. */
final class EncodingCounts {
  /** Bytes that Windows-1252 does not use, each as a character. */
  private static final String NOT_LATIN = "\u0081\u008d\u008f\u0090\u009d";

  /** The byte of the control character DEL, which text does not have. */
  private static final int DELETE = 0x7F;

  /** Letters of CP850 (DOS) where Windows-1252 has signs that are rare within words. */
  private static final String DOS_LETTERS =
      "\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008f\u0090\u0093\u0094\u0095\u0098";

  /** The number of ASCII letters. */
  int asciiLetters;

  /** The number of bytes above ASCII that are UTF-8. */
  int wellFormed;

  /** The number of the other bytes from 0xA0 on, of which most are letters in ISO-8859-1. */
  int letters;

  /** The number of the other bytes from 0x80 to 0x9F, of which most are signs in Windows-1252. */
  int signs;

  /** The number of signs in words that would be letters in CP850. */
  int ofDos;

  /** Whether Windows-1252 uses all bytes that are not UTF-8. */
  boolean isLatin = true;

  /** The number of bytes above ASCII that are not UTF-8. */
  int high() {
    return letters + signs;
  }

  /**
   * Counts the bytes {@code text[from, to)}; false, with the counts of a part of them, if one is a
   * control character that text does not have.
   */
  boolean add(byte[] text, int from, int to) {
    int i = from;
    while (i < to) {
      int b = text[i] & 0xFF;
      if (b == DELETE || (b < ' ' && FileKindDetector.TEXT_CONTROLS.indexOf(b) < 0)) {
        return false;
      }
      int length = sequenceLength(b);
      if (b < 0x80) {
        if (Character.isLetter(b)) {
          asciiLetters++;
        }
      } else if (length <= to - i && Utf8.firstIllFormed(text, i, i + length) < 0) {
        wellFormed += length;
        i += length - 1;
      } else {
        boolean inWord =
            (i > from && isAsciiLetter(text[i - 1])) || (i + 1 < to && isAsciiLetter(text[i + 1]));
        addHigh(b, inWord);
      }
      i++;
    }
    return true;
  }

  /** The bytes of the UTF-8 character that a byte would begin. */
  private static int sequenceLength(int first) {
    if (first < 0xC0) {
      return 1;
    }
    if (first < 0xE0) {
      return 2;
    }
    return first < 0xF0 ? 3 : 4;
  }

  /** Counts a byte above ASCII that is not UTF-8. */
  private void addHigh(int b, boolean inWord) {
    isLatin &= NOT_LATIN.indexOf(b) < 0;
    if (b >= 0xA0) {
      letters++;
      return;
    }
    signs++;
    if (inWord && DOS_LETTERS.indexOf(b) >= 0) {
      ofDos++;
    }
  }

  private static boolean isAsciiLetter(byte b) {
    return b >= 'A' && Character.isLetter(b); // bytes above ASCII are negative
  }
}
