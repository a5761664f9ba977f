package org.merganser.text.regex;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.RegexProperties;

/** What a backslash begins, both in a class and outside of one. */
final class RegexEscapes {
  /** Oniguruma takes numbers of characters up to here; those above U+10FFFF match nothing. */
  static final int GREATEST = 0x1FFFFF;

  private static final CodePointSet ASCII = CodePointSet.ofRanges(0, 0x7F);

  private RegexEscapes() {}

  /**
   * The class that an escape behind the backslash names, or null when it names none: {@code \d},
   * {@code \p{..}} and their like.
   */
  static @Nullable CodePointSet takeClass(
      RegexSource source, boolean inClass, Set<RegexParser.Option> options) {
    int from = source.position() - 1;
    int letter = source.peek();
    if (letter == RegexSource.END) {
      throw source.refuse(from, "a backslash with nothing behind it");
    }
    String name =
        switch (letter) {
          case 'd', 'D' -> "digit";
          case 's', 'S' -> "space";
          case 'w', 'W' -> "word";
          case 'h', 'H' -> "xdigit";
          default -> null;
        };
    if (name != null) {
      source.next();
      CodePointSet set = Objects.requireNonNull(narrowed(name, inClass, options));
      return letter >= 'a' ? set : set.complement();
    }
    return (letter == 'p' || letter == 'P') && source.peek(1) == '{'
        ? property(source, from, inClass, options)
        : null;
  }

  private static @Nullable CodePointSet narrowed(
      String name, boolean inClass, Set<RegexParser.Option> options) {
    CodePointSet set =
        name.equals("word") && !inClass
            ? RegexProperties.wordOutsideBrackets()
            : RegexProperties.property(name);
    return set != null && RegexParser.Option.narrow(options, name) ? set.intersection(ASCII) : set;
  }

  private static CodePointSet property(
      RegexSource source, int from, boolean inClass, Set<RegexParser.Option> options) {
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
    CodePointSet set = narrowed(RegexProperties.plainName(name), inClass, options);
    if (!source.take('}') || set == null) {
      throw source.refuse(from, "the property \"" + name + "\"");
    }
    return negative ? set.complement() : set;
  }

  /** The class of {@code [:name:]}, or null when there is none. */
  static @Nullable CodePointSet posix(String name, Set<RegexParser.Option> options) {
    return RegexProperties.posix(name) == null
        ? null
        : narrowed(name.equals("punct") ? "posixpunct" : name, true, options);
  }

  /**
   * The number of the character that an escape behind the backslash stands for. Above U+10FFFF,
   * where none is, and at most {@link #GREATEST} unless it ends a range.
   */
  static int takeCharacter(RegexSource source, boolean inClass) {
    int from = source.position() - 1;
    int letter = source.next();
    return switch (letter) {
      case 'x' ->
          source.peek() == '{' ? inBraces(source, from, 16) : hexadecimal(source, from, inClass);
      case 'o' -> source.peek() == '{' ? inBraces(source, from, 8) : letter;
      case 'u' -> {
        int value = digits(source, 16, 4);
        if (source.position() < from + 6) {
          throw source.refuse(from, "\\u without four hexadecimal digits");
        }
        yield value;
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        source.back(from + 1);
        yield character(source, from, octalByte(source, from), 8, inClass);
      }
      default -> {
        source.back(from + 1);
        yield controlOrItself(source, from);
      }
    };
  }

  /** {@code \cx}, {@code \C-x}, {@code \M-x}, the letters of control characters, or a character. */
  private static int controlOrItself(RegexSource source, int from) {
    if (source.atEnd()) {
      throw source.refuse(from, "an escape without its end");
    }
    int letter = source.next();
    if (letter == 'c' || ((letter == 'C' || letter == 'M') && source.take('-'))) {
      if (source.atEnd()) {
        throw source.refuse(from, "an escape without its end");
      }
      boolean named = source.take('\\');
      int character = named ? controlOrItself(source, from) : source.next();
      if (letter == 'M') {
        return (character & 0xFF) | 0x80;
      }
      return !named && character == '?' ? 0x7F : character & 0x9F;
    } else if (letter == 'C' || letter == 'M') {
      throw source.refuse(from, "\\" + (char) letter + " without a hyphen");
    }
    return switch (letter) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'a' -> 0x07;
      case 'b' -> '\b';
      case 'e' -> 0x1B;
      default -> letter;
    };
  }

  /** The byte of an octal number. */
  private static int octalByte(RegexSource source, int from) {
    int value = digits(source, 8, 3);
    if (value > 0xFF) {
      throw source.refuse(from, source.since(from) + ", no byte,");
    }
    return value;
  }

  /** {@code \xHH}, a byte. Without a digit it is a NUL, but an x at the end of the regex. */
  private static int hexadecimal(RegexSource source, int from, boolean inClass) {
    return source.atEnd() && !inClass
        ? 'x'
        : character(source, from, digits(source, 16, 2), 16, inClass);
  }

  /**
   * The character whose first byte is read, with the further bytes of its UTF-8 form, each as an
   * escape. In a class all are of one base.
   */
  private static int character(RegexSource source, int from, int first, int base, boolean inClass) {
    if (first < 0x80) {
      return first;
    }
    byte[] bytes = new byte[first < 0xC0 ? 1 : CodePoints.length((byte) first)];
    bytes[0] = (byte) first;
    for (int i = 1; i < bytes.length; i++) {
      int at = source.position();
      int value = 0;
      if (source.take("\\x") && source.peek() != '{' && (base == 16 || !inClass)) {
        value = digits(source, 16, 2);
      } else if (source.position() == at && source.take('\\') && (base == 8 || !inClass)) {
        value = octalByte(source, from);
      }
      bytes[i] = (byte) value;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.codePointCount(0, text.length()) != 1 || text.codePointAt(0) == 0xFFFD) {
      throw source.refuse(from, source.since(from) + ", bytes that are not UTF-8,");
    }
    return text.codePointAt(0);
  }

  /** The number in {@code \x{...}} or {@code \o{...}}; the letter itself where no digit follows. */
  private static int inBraces(RegexSource source, int from, int base) {
    source.next();
    int start = source.position();
    int value = digits(source, base, base == 16 ? 8 : 11);
    boolean more = source.peek() < 0x80 && Character.digit(source.peek(), Math.max(base, 10)) >= 0;
    if (source.position() == start && !more) {
      source.back(from + 2);
      return base == 16 ? 'x' : 'o';
    }
    if (!source.take('}')) {
      throw source.refuse(from, source.since(from) + ", not one number in braces,");
    }
    return value;
  }

  /** A number of at most some digits, as far as there are any. */
  private static int digits(RegexSource source, int base, int most) {
    long value = 0;
    for (int i = 0;
        i < most && source.peek() < 0x80 && Character.digit(source.peek(), base) >= 0;
        i++) {
      value = value * base + Character.digit(source.next(), base);
    }
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
