package org.merganser.corpus.field;

import static org.merganser.binary.LittleEndian.LONG;

import java.util.Arrays;
import org.merganser.binary.ByteBuilder;

/**
 * The grammar of JSON over bytes (RFC 8259, strictly: no raw control characters in strings, no NaN,
 * no trailing comma). A place is an index of {@link #json}. A method takes the place at which an
 * element begins and returns the place after it, unless it says otherwise. Nesting may have any
 * depth and takes one bit of memory a level.
 */
abstract class JsonGrammar {
  /** An error and its place; has no stack trace, since a corpus may have many broken lines. */
  static final class Malformed extends Exception {
    /** The place of the error. */
    final int at;

    Malformed(String message, int at) {
      super(message, null, false, false);
      this.at = at;
    }
  }

  /** U+FFFD, in place of an escaped half of a surrogate pair. */
  private static final int REPLACEMENT = 0xFFFD;

  /** The bytes of a surrogate, encoded like any code point from U+0800 to U+FFFF. */
  private static final int SURROGATE_BYTES = 3;

  /** The bytes of an escape of a UTF-16 unit, with its backslash. */
  private static final int UNIT_ESCAPE_BYTES = 6;

  /** The characters of one-letter escapes; 0 for {@code u} and for letters without a meaning. */
  private static final byte[] SIMPLE = new byte[128];

  static {
    String letters = "\"\\/bfnrt";
    String meanings = "\"\\/\b\f\n\r\t";
    for (int i = 0; i < letters.length(); i++) {
      SIMPLE[letters.charAt(i)] = (byte) meanings.charAt(i);
    }
  }

  /** The array with the text of JSON; a subclass sets it before it calls a method. */
  byte[] json = new byte[0];

  /** Where the text ends in {@link #json}; set like {@link #json}. */
  int to;

  /**
   * Whether the string that was read last has escapes: its text is then the end of {@link #texts}.
   */
  boolean lastEscaped;

  /** The texts of strings with escapes, concatenated. */
  final ByteBuilder texts = new ByteBuilder(64);

  /**
   * Whether an escaped half of a surrogate pair in the next strings becomes U+FFFD; else it becomes
   * the three bytes that encode the surrogate, which a check for UTF-8 finds.
   */
  boolean replacing;

  /** The number of open levels of the value that {@link #skipValue} checks. */
  private int depth;

  /** A bit for each open level: 1 for an object, 0 for a list. */
  private long[] inObject = new long[16];

  JsonGrammar(boolean replacing) {
    this.replacing = replacing;
  }

  /** Checks a value of any depth and returns the place after it. */
  final int skipValue(int from) throws Malformed {
    depth = 0;
    int p = from;
    do {
      p = closeLevels(openLevels(p));
    } while (depth > 0);
    return p;
  }

  /**
   * Opens the levels that begin with a value. Returns the place after the first value in them that
   * has no value in it: a scalar, or an empty object or list.
   */
  private int openLevels(int from) throws Malformed {
    int p = from;
    byte c = at(p);
    while (c == '{' || c == '[') {
      boolean isObject = c == '{';
      p = space(p + 1);
      if (at(p) == closing(isObject)) {
        return p + 1;
      }
      setLevel(depth, isObject);
      depth++;
      if (isObject) {
        p = skipKey(p);
      }
      c = at(p);
    }
    return scalar(p);
  }

  /**
   * Closes the levels that end after a value; returns the place of the next value in the innermost
   * open one, or the place after the outermost one if all are closed.
   */
  private int closeLevels(int from) throws Malformed {
    int p = from;
    while (depth > 0) {
      p = space(p);
      boolean isObject = isObject(depth - 1);
      byte c = at(p);
      if (c == ',') {
        p = space(p + 1);
        return isObject ? skipKey(p) : p;
      }
      if (c != closing(isObject)) {
        throw new Malformed(isObject ? "expected , or }" : "expected , or ]", p);
      }
      p++;
      depth--;
    }
    return p;
  }

  /** What closes a level. */
  private static char closing(boolean isObject) {
    return isObject ? '}' : ']';
  }

  /** Whether the open level is an object, and not a list. */
  private boolean isObject(int level) {
    return (inObject[level / Long.SIZE] & (1L << level)) != 0;
  }

  /** Sets the bit of a level in {@link #inObject}. */
  private void setLevel(int level, boolean isObject) {
    int word = level / Long.SIZE;
    if (word == inObject.length) {
      inObject = Arrays.copyOf(inObject, 2 * word);
    }
    long bit = 1L << level; // the shift takes the last six bits of the level
    inObject[word] = isObject ? (inObject[word] | bit) : (inObject[word] & ~bit);
  }

  /** Checks a key and its colon; returns the place of its value. */
  private int skipKey(int p) throws Malformed {
    if (at(p) != '"') {
      throw new Malformed("expected a key in quotes", p);
    }
    return afterColon(skipString(p + 1));
  }

  /** The place of the value of a key, whose closing quote is given. */
  final int afterColon(int closingQuote) throws Malformed {
    int p = space(closingQuote + 1);
    if (at(p) != ':') {
      throw new Malformed("expected : after the key", p);
    }
    return space(p + 1);
  }

  /** Checks a value that is neither an object nor a list; {@code p} is before {@link #to}. */
  private int scalar(int p) throws Malformed {
    return switch (json[p]) {
      case '"' -> skipString(p + 1) + 1;
      case 't' -> word(p, "true");
      case 'f' -> word(p, "false");
      case 'n' -> word(p, "null");
      default -> number(p);
    };
  }

  /** Checks one of the words of JSON; returns the place after it. */
  private int word(int p, String expected) throws Malformed {
    for (int i = 0; i < expected.length(); i++) {
      if (at(p + i) != expected.charAt(i)) {
        throw new Malformed("expected a value", p);
      }
    }
    return p + expected.length();
  }

  /** Checks a number, of which there is at least one byte; returns the place after it. */
  private int number(int from) throws Malformed {
    int p = json[from] == '-' ? from + 1 : from;
    if (p < to && json[p] == '0') {
      p++;
    } else {
      p = digits(p, p == from ? "expected a value" : "expected a digit");
    }
    if (p < to && json[p] == '.') {
      p = digits(p + 1, "expected a digit after the point");
    }
    if (p < to && (json[p] == 'e' || json[p] == 'E')) {
      p++;
      boolean isSigned = p < to && (json[p] == '+' || json[p] == '-');
      p = digits(isSigned ? p + 1 : p, "expected an exponent");
    }
    return p;
  }

  /** Checks one or more digits; {@code expected} is the error if there is none. */
  private int digits(int from, String expected) throws Malformed {
    int p = from;
    while (p < to && json[p] >= '0' && json[p] <= '9') {
      p++;
    }
    if (p == from) {
      throw new Malformed(expected, p);
    }
    return p;
  }

  /** Reads a string like {@link #string}, without keeping its text. */
  private int skipString(int from) throws Malformed {
    int length = texts.length();
    int end = string(from);
    texts.setLength(length);
    return end;
  }

  /**
   * Reads a string after its opening quote. If it has escapes, its text is appended to {@link
   * #texts}; else its bytes are its text.
   *
   * @return the place of the closing quote
   */
  final int string(int from) throws Malformed {
    int p = ByteSearch.endOfPlainJson(json, from, to);
    lastEscaped = p < to && json[p] == '\\';
    if (lastEscaped) {
      texts.append(json, from, p);
      p = appendEscaped(p);
    }
    if (at(p) != '"') {
      throw new Malformed("a control character must be escaped in a string", p);
    }
    return p;
  }

  /** Appends a string's text from its first escape on; returns the place after that text. */
  private int appendEscaped(int from) throws Malformed {
    // A text is never longer than its string; eight bytes of it are written at once.
    texts.ensure(to - from + Long.BYTES);
    byte[] out = texts.bytes();
    int n = texts.length();
    int p = from;
    int high = 0; // the unit of the escape that was read last
    int highEnd = -1; // the place after that escape if the unit is a high surrogate, else -1
    while (p < to && json[p] == '\\') {
      byte c = at(p + 1);
      if (c == 'u') {
        int unit = utf16Unit(p);
        int codePoint = unit;
        if (p == highEnd && Character.isLowSurrogate((char) unit)) {
          codePoint = Character.toCodePoint((char) high, (char) unit);
          n -= SURROGATE_BYTES; // the escape before had the high surrogate
        } else if (Character.isSurrogate((char) unit)) {
          codePoint = replacing ? REPLACEMENT : unit;
        }
        texts.setLength(n);
        texts.appendCodePoint(codePoint);
        n = texts.length();
        p += UNIT_ESCAPE_BYTES;
        high = unit;
        highEnd = Character.isHighSurrogate((char) unit) ? p : -1;
      } else {
        if (c < 0 || SIMPLE[c] == 0) {
          throw new Malformed("unknown escape", p);
        }
        out[n++] = SIMPLE[c];
        p += 2;
      }
      int plain = copyPlain(p, out, n);
      p += plain;
      n += plain;
    }
    texts.setLength(n);
    return p;
  }

  /**
   * Copies bytes up to the next escape or the end of the string, eight at a time; up to seven
   * further bytes of {@code out} are overwritten.
   *
   * @return how many bytes were copied
   */
  private int copyPlain(int from, byte[] out, int outFrom) {
    int count = 0;
    while (from + count + Long.BYTES <= to) {
      long v = (long) LONG.get(json, from + count);
      LONG.set(out, outFrom + count, v);
      long special = ByteSearch.notPlainJson(v);
      if (special != 0) {
        return count + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      count += Long.BYTES;
    }
    while (from + count < to && ByteSearch.isPlainJson(json[from + count])) {
      out[outFrom + count] = json[from + count];
      count++;
    }
    return count;
  }

  /** The UTF-16 unit of the escape that begins at {@code p}. */
  private int utf16Unit(int p) throws Malformed {
    int unit = 0;
    for (int i = 2; i < UNIT_ESCAPE_BYTES; i++) {
      int digit = Character.digit(at(p + i), 16);
      if (digit < 0) {
        throw new Malformed("\\u needs four hexadecimal digits", p);
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /** The place of the first byte from {@code from} on that is not white space. */
  final int space(int from) {
    int p = from;
    while (p < to && (json[p] == ' ' || json[p] == '\n' || json[p] == '\r' || json[p] == '\t')) {
      p++;
    }
    return p;
  }

  /** The byte at a place; malformed if the text ends before it. */
  final byte at(int p) throws Malformed {
    if (p >= to) {
      throw new Malformed("it ends too early", to);
    }
    return json[p];
  }
}
