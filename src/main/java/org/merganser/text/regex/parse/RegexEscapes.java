package org.merganser.text.regex.parse;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/** Parses escapes, both in a class and outside of one. */
final class RegexEscapes {
  /** The greatest value of {@code \xHH}: a greater one is a byte of UTF-8, not a character. */
  private static final int MAX_BYTE_ESCAPE = 0x7F;

  private RegexEscapes() {}

  /**
   * The class that an escape names, read after the backslash; null, with nothing read, if the
   * escape is a character.
   *
   * @param inClass whether the escape is in brackets
   * @throws IllegalArgumentException for a property that is not supported
   */
  static @Nullable CodePointSet takeClass(RegexSource source, boolean inClass) {
    int letter = source.peek();
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
    boolean isProperty = (letter == 'p' || letter == 'P') && source.peek(1) == '{';
    return isProperty ? takeProperty(source, inClass) : null;
  }

  /** The characters of words, which Oniguruma defines differently in brackets. */
  private static CodePointSet word(boolean inClass) {
    return inClass ? RegexProperties.known("word") : RegexProperties.wordOutsideBrackets();
  }

  /** Reads {@code p{name}}, {@code p{^name}} or the same with a capital P. */
  private static CodePointSet takeProperty(RegexSource source, boolean inClass) {
    int from = source.position() - 1;
    boolean negative = source.next() == 'P';
    source.next();
    if (source.take('^')) {
      negative = !negative;
    }
    int nameFrom = source.position();
    while (!source.atEnd() && source.peek() != '}') {
      source.next();
    }
    String name = source.since(nameFrom);
    String plain = RegexProperties.plainName(name);
    CodePointSet set = plain.equals("word") ? word(inClass) : RegexProperties.property(plain);
    if (!source.take('}') || set == null) {
      throw source.unsupported(from, "the property \"" + name + "\"");
    }
    return negative ? set.complement() : set;
  }

  /**
   * The character that an escape denotes, read after the backslash.
   *
   * @throws IllegalArgumentException for an escape that is not supported
   */
  static int takeCharacter(RegexSource source) {
    int from = source.position() - 1;
    if (source.atEnd()) {
      throw source.unsupported(from, "a backslash with nothing after it");
    }
    int letter = source.next();
    return switch (letter) {
      case 'x' ->
          source.take('{')
              ? takeBraces(source, from)
              : takeNumber(source, from, 2, MAX_BYTE_ESCAPE);
      case 'u' -> takeNumber(source, from, 4, Character.MAX_VALUE);
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'a' -> 0x07;
      case 'b' -> '\b';
      case 'e' -> 0x1B;
      default -> {
        if (letter < 0x80 && Character.isLetterOrDigit(letter)) {
          throw source.unsupported(from, "the escape " + source.since(from));
        }
        yield letter;
      }
    };
  }

  /** Reads the hexadecimal digits and the closing brace of an escape whose opening one was read. */
  private static int takeBraces(RegexSource source, int from) {
    int digits = 0;
    while (isHexDigit(source.peek(digits))) {
      digits++;
    }
    int character = takeNumber(source, from, digits, Character.MAX_CODE_POINT);
    if (!source.take('}')) {
      throw source.unsupported(from, "the escape " + source.since(from));
    }
    return character;
  }

  /**
   * Reads exactly {@code digits} hexadecimal digits; fewer are refused, as is a value above {@code
   * greatest}.
   *
   * @param from where the escape begins
   */
  private static int takeNumber(RegexSource source, int from, int digits, int greatest) {
    long value = 0;
    int at = 0;
    while (at < digits && value <= greatest && isHexDigit(source.peek())) {
      value = value * 16 + Character.digit(source.next(), 16);
      at++;
    }
    if (at < digits || at == 0 || value > greatest) {
      throw source.unsupported(from, "the escape " + source.since(from));
    }
    return (int) value;
  }

  /** Whether a character is a hexadecimal digit. */
  private static boolean isHexDigit(int character) {
    return "0123456789abcdefABCDEF".indexOf(character) >= 0;
  }
}
