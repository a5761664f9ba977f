package org.merganser.text.regex;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/** What a backslash begins, both in a class and outside of one. */
final class RegexEscapes {
  private RegexEscapes() {}

  /**
   * The class that an escape behind the backslash names, or null when it names none: {@code \d},
   * {@code \p{..}} and their like.
   */
  static @Nullable CodePointSet takeClass(RegexSource source, boolean inClass) {
    int from = source.position() - 1;
    int letter = source.peek();
    if (letter == RegexSource.END) {
      throw source.refuse(from, "a backslash with nothing behind it");
    }
    CodePointSet set =
        switch (letter) {
          case 'd', 'D' -> RegexProperties.known("digit");
          case 's', 'S' -> RegexProperties.known("space");
          case 'w', 'W' -> word(inClass);
          case 'h', 'H' -> RegexProperties.known("xdigit");
          default -> null;
        };
    if (set != null) {
      source.next();
      return letter >= 'a' ? set : set.complement();
    }
    return letter == 'p' || letter == 'P' ? property(source, from, inClass) : null;
  }

  private static CodePointSet word(boolean inClass) {
    return inClass ? RegexProperties.known("word") : RegexProperties.wordOutsideBrackets();
  }

  private static CodePointSet property(RegexSource source, int from, boolean inClass) {
    boolean negative = source.next() == 'P';
    if (!source.take('{')) {
      throw source.refuse(from, "\\" + (negative ? 'P' : 'p') + " without braces");
    }
    if (source.take('^')) {
      negative = !negative;
    }
    int nameFrom = source.position();
    while (!source.atEnd() && source.peek() != '}') {
      source.next();
    }
    String name = source.since(nameFrom);
    CodePointSet set = RegexProperties.property(name);
    if (!source.take('}') || set == null) {
      throw source.refuse(from, "the property \"" + name + "\"");
    }
    if (set.equals(RegexProperties.known("word"))) {
      set = word(inClass);
    }
    return negative ? set.complement() : set;
  }

  /** The character that an escape behind the backslash stands for. */
  static int takeCharacter(RegexSource source, boolean inClass) {
    int from = source.position() - 1;
    int letter = source.next();
    int character =
        switch (letter) {
          case 't' -> '\t';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 'f' -> '\f';
          case 'v' -> 0x0B;
          case 'a' -> 0x07;
          case 'e' -> 0x1B;
          case 'x' -> hexadecimal(source, from);
          case 'u' -> scalar(source, from, digits(source, 4, 4));
          case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(source, from);
          case 'b' -> inClass ? '\b' : -1;
          default -> -1;
        };
    if (character >= 0) {
      return character;
    }
    if (letter < 0x80 && Character.isLetter(letter)) {
      throw source.refuse(from, "\\" + (char) letter);
    }
    return letter;
  }

  /** A byte as one to three octal digits, the first of which is read. */
  private static int octal(RegexSource source, int from) {
    source.back(from + 1);
    int value = 0;
    for (int i = 0; i < 3 && source.peek() >= '0' && source.peek() <= '7'; i++) {
      value = value << 3 | (source.next() - '0');
    }
    if (value >= 0x80) {
      throw source.refuse(from, source.since(from) + ", a byte outside of ASCII,");
    }
    return value;
  }

  private static int hexadecimal(RegexSource source, int from) {
    if (source.take('{')) {
      int value = digits(source, 1, 8);
      if (!source.take('}')) {
        throw source.refuse(from, "\\x{ that isn't one hexadecimal number in braces");
      }
      return scalar(source, from, value);
    }
    int value = digits(source, 1, 2);
    if (value < 0 || value >= 0x80) {
      throw source.refuse(
          from, "\\x with a byte outside of ASCII or none (write \\x{...} for a character)");
    }
    return value;
  }

  /** A hexadecimal number, or -1 where there are fewer digits or it is beyond Unicode. */
  private static int digits(RegexSource source, int least, int most) {
    long value = 0;
    int count = 0;
    while (count < most && source.peek() < 0x80 && Character.digit(source.peek(), 16) >= 0) {
      value = value << 4 | Character.digit(source.next(), 16);
      count++;
    }
    return count < least || value >= CodePointSet.LIMIT ? -1 : (int) value;
  }

  private static int scalar(RegexSource source, int from, int value) {
    if (value < 0 || (value >= 0xD800 && value <= 0xDFFF)) {
      throw source.refuse(from, source.since(from) + ", which is no Unicode scalar value,");
    }
    return value;
  }
}
