package org.merganser.corpus.field;

import java.util.Arrays;

/**
 * The grammar of JSON over bytes (RFC 8259, strictly: no raw control characters in strings, no NaN,
 * no trailing comma). Each method takes the place at which something begins and returns the place
 * behind it. Nesting may have any depth and takes one bit of memory a level.
 */
abstract class JsonGrammar {
  /** An error and its place; without a stack trace, since a corpus may have many broken lines. */
  static final class Malformed extends Exception {
    /** The place in the bytes. */
    final int at;

    Malformed(String message, int at) {
      super(message, null, false, false);
      this.at = at;
    }
  }

  /** The bytes that are read, up to {@link #to}. */
  byte[] json = new byte[0];

  int to;

  /** Whether the string that was read last holds escapes. */
  boolean lastEscaped;

  /** For each open level, whether it is an object; else it is a list. */
  private long[] inObject = new long[16];

  /** Checks a value of any depth and returns what follows it. */
  final int skipValue(int from) throws Malformed {
    int p = from;
    int depth = 0;
    while (true) {
      byte c = at(p);
      if (c == '{' || c == '[') {
        boolean isObject = c == '{';
        push(depth++, isObject);
        p = space(p + 1);
        if (at(p) != (isObject ? '}' : ']')) {
          p = isObject ? skipKey(p) : p;
          continue;
        }
        p++;
        depth--;
      } else {
        p = scalar(p);
      }
      // Behind a value: close what ends here, then go to the next one.
      while (true) {
        if (depth == 0) {
          return p;
        }
        p = space(p);
        boolean isObject = (inObject[depth - 1 >> 6] & 1L << depth - 1) != 0;
        c = at(p);
        if (c == ',') {
          p = space(p + 1);
          p = isObject ? skipKey(p) : p;
          break;
        }
        if (c != (isObject ? '}' : ']')) {
          throw new Malformed(isObject ? "expected , or }" : "expected , or ]", p);
        }
        p++;
        depth--;
      }
    }
  }

  private void push(int depth, boolean isObject) {
    int word = depth >> 6;
    if (word == inObject.length) {
      inObject = Arrays.copyOf(inObject, 2 * word);
    }
    long bit = 1L << depth;
    inObject[word] = isObject ? inObject[word] | bit : inObject[word] & ~bit;
  }

  private int skipKey(int p) throws Malformed {
    if (at(p) != '"') {
      throw new Malformed("expected a key in quotes", p);
    }
    return afterColon(stringEnd(p + 1));
  }

  final int afterColon(int closingQuote) throws Malformed {
    int p = space(closingQuote + 1);
    if (at(p) != ':') {
      throw new Malformed("expected : after the key", p);
    }
    return space(p + 1);
  }

  private int scalar(int p) throws Malformed {
    return switch (json[p]) {
      case '"' -> stringEnd(p + 1) + 1;
      case 't' -> word(p, "true");
      case 'f' -> word(p, "false");
      case 'n' -> word(p, "null");
      default -> number(p);
    };
  }

  private int word(int p, String word) throws Malformed {
    for (int i = 0; i < word.length(); i++) {
      if (at(p + i) != word.charAt(i)) {
        throw new Malformed("expected a value", p);
      }
    }
    return p + word.length();
  }

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
      p = digits(p < to && (json[p] == '+' || json[p] == '-') ? p + 1 : p, "expected an exponent");
    }
    return p;
  }

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

  /** The place of the closing quote; notes whether there were escapes. */
  final int stringEnd(int from) throws Malformed {
    lastEscaped = false;
    int p = from;
    while (true) {
      p = ByteSearch.endOfPlainJson(json, p, to);
      byte c = at(p);
      if (c == '"') {
        return p;
      }
      if (c != '\\') {
        throw new Malformed("a control character must be escaped in a string", p);
      }
      lastEscaped = true;
      switch (at(p + 1)) {
        case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> p += 2;
        case 'u' -> {
          for (int i = 2; i < 6; i++) {
            if (JsonText.hex(at(p + i)) < 0) {
              throw new Malformed("\\u needs four hexadecimal digits", p);
            }
          }
          p += 6;
        }
        default -> throw new Malformed("unknown escape", p);
      }
    }
  }

  final int space(int from) {
    int p = from;
    while (p < to && (json[p] == ' ' || json[p] == '\n' || json[p] == '\r' || json[p] == '\t')) {
      p++;
    }
    return p;
  }

  final byte at(int p) throws Malformed {
    if (p >= to) {
      throw new Malformed("it ends too early", to);
    }
    return json[p];
  }
}
