package org.merganser.text.unicode;

import static org.merganser.binary.LittleEndian.LONG;

/**
 * Checks UTF-8 eight bytes at a time. The highest bit of each byte in a long holds a property of
 * the byte, so that a shift by whole bytes moves it to the bytes that follow. A shift by fewer bits
 * brings a lower bit of each byte to its highest place, and so tests that bit.
 *
 * <p>Each lead byte needs continuations at the next one, two or three places, and no other place
 * may have one. In {@code 61 C3 A9 E4 B8 AD 62 63} the leads C3 and E4 need them at places 2, 4 and
 * 5, where A9, B8 and AD are. Second bytes after E0, ED, F0 and F4, and leads that begin no
 * character, are checked separately.
 */
final class Utf8Words {
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8Words() {}

  /**
   * The start of a character or ill-formed sequence such that all of {@code [from, start)} is
   * well-formed. It is less than 16 bytes before the first ill-formed sequence or the end.
   */
  static int wellFormedUntil(byte[] text, int from, int to) {
    int at = from;
    long wanted = 0; // the places that need continuations
    for (; at <= to - 9; at += 8) { // nine: illFormedStarts reads one byte further
      long word = (long) LONG.get(text, at);
      long high = word & HIGH_BITS;
      if ((high | wanted) == 0) {
        continue;
      }
      long leads = high & (word << 1);
      long ofThree = leads & (word << 2); // leads of three bytes or four
      long ofFour = ofThree & (word << 3);
      wanted |= leads << 8 | ofThree << 16 | ofFour << 24;
      long continuations = high ^ leads;
      long bad = continuations ^ wanted;
      // C0 and C1, which would begin overlong forms
      bad |= leads & ~(word << 2 | word << 3 | word << 4 | word << 5 | word << 6);
      if (ofThree != 0) {
        bad |= illFormedStarts(word, (long) LONG.get(text, at + 1), ofThree, ofFour);
      }
      if (bad != 0) {
        break;
      }
      wanted = leads >>> 56 | ofThree >>> 48 | ofFour >>> 40;
    }
    if (at > from) {
      at--; // the last character may continue after the word
      while (at > from && text[at] < (byte) 0xC0) {
        at--;
      }
    }
    return at;
  }

  /** Leads from E0 on that begin no character, or none with their second byte. */
  private static long illFormedStarts(long word, long seconds, long ofThree, long ofFour) {
    long lowest = ~(word << 4 | word << 5 | word << 6 | word << 7); // E0 or F0
    long from20 = seconds << 2; // seconds of A0 to BF
    long e0 = ofThree & ~ofFour & lowest & ~from20;
    long isD = (word << 4) & (word << 5) & ~(word << 6) & (word << 7); // the lower half is D
    long ed = ofThree & ~ofFour & isD & from20;
    if (ofFour == 0) {
      return e0 | ed;
    }
    long from10 = from20 | seconds << 3; // seconds of 90 to BF
    long f0 = ofFour & lowest & ~from10;
    long f4 = ofFour & (word << 5) & (word << 6 | word << 7 | from10); // or F5 to F7
    long f8 = ofFour & (word << 4); // or above
    return e0 | ed | f0 | f4 | f8;
  }
}
