package org.merganser.bpe.encode;

import static org.merganser.binary.LittleEndian.INT;

import org.merganser.text.unicode.CodePoints;

/**
 * A character as its UTF-8 bytes in an int, the first lowest: "é" is 0xA9C3. It must have exactly
 * as many continuation bytes as its first byte requires. Overlong forms and numbers above the last
 * code point are not recognized as malformed. NUL, whose byte would be 0, counts as malformed.
 */
final class PackedCharacter {
  /** In place of a character: a byte begins no well-formed one, or is NUL. */
  static final int MALFORMED = 0;

  /** The top two bits of the three bytes after the first one. */
  private static final int CONTINUATION_BITS = 0xC0C0_C000;

  /** These bits in continuation bytes. */
  private static final int CONTINUATION_MARKS = 0x8080_8000;

  private PackedCharacter() {}

  /** The character that begins {@code text[at, to)}, at least one byte; or {@link #MALFORMED}. */
  static int at(byte[] text, int at, int to) {
    if (at + 4 <= to) {
      // 1110xxxx 10xxxxxx 10xxxxxx and no continuation after them, in one comparison: this common
      // case is small enough to be compiled into its callers.
      int bytes = (int) INT.get(text, at);
      if ((bytes & 0x00C0_C0F0) == 0x0080_80E0 && (bytes & 0xC000_0000) != 0x8000_0000) {
        return bytes & 0x00FF_FFFF;
      }
    }
    return anyAt(text, at, to);
  }

  /** As {@link #at}, for characters of any length. */
  private static int anyAt(byte[] text, int at, int to) {
    int lead = text[at];
    if (lead >= 0) {
      return at + 1 < to && CodePoints.isContinuation(text[at + 1]) ? MALFORMED : lead;
    }
    int wanted = lengthByLead(text[at]);
    if (at + wanted > to) {
      return MALFORMED;
    }
    int bytes =
        at + 4 <= text.length
            ? (int) INT.get(text, at) & lowBytes(wanted)
            : bytes(text, at, wanted);
    int bits = CONTINUATION_BITS & lowBytes(wanted);
    boolean whole =
        wanted > 1
            && (bytes & bits) == (CONTINUATION_MARKS & bits)
            && (at + wanted == to || !CodePoints.isContinuation(text[at + wanted]));
    return whole ? bytes : MALFORMED;
  }

  /** The bytes of a character; 1 for a malformed one, so that the next byte is tried. */
  static int length(int character) {
    return character == MALFORMED ? 1 : 4 - Integer.numberOfLeadingZeros(character) / 8;
  }

  /** Whether a character has three bytes. */
  static boolean hasThreeBytes(int character) {
    return character >>> 16 != 0 && character >>> 24 == 0;
  }

  /** The code point of a character. */
  static int codePoint(int character) {
    int a = character & 0xFF;
    int b = (character >>> 8) & 0x3F;
    int c = (character >>> 16) & 0x3F;
    int d = (character >>> 24) & 0x3F;
    return switch (length(character)) {
      case 1 -> a;
      case 2 -> ((a & 0x1F) << 6) | b;
      case 3 -> ((a & 0x0F) << 12) | (b << 6) | c;
      default -> ((a & 0x07) << 18) | (b << 12) | (c << 6) | d;
    };
  }

  /**
   * The length that the top bits of a first byte require, 1 to 4; 1 for a continuation byte, and 4
   * also for 0xF8 to 0xFF, which begin no character.
   */
  static int lengthByLead(byte lead) {
    int b = lead & 0xFF;
    if (b < 0xC0) {
      return 1;
    }
    if (b < 0xE0) {
      return 2;
    }
    return b < 0xF0 ? 3 : 4;
  }

  /** Up to four bytes in an int, the first lowest. */
  static int bytes(byte[] text, int at, int count) {
    int bytes = 0;
    for (int i = count - 1; i >= 0; i--) {
      bytes = (bytes << 8) | (text[at + i] & 0xFF);
    }
    return bytes;
  }

  /** A mask of the {@code count} lowest bytes of an int, one to four. */
  static int lowBytes(int count) {
    return -1 >>> (32 - 8 * count);
  }
}
