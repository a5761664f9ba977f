package org.merganser.text.regex.parse;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/**
 * Parses a bracketed class like Oniguruma's {@code prs_cc}: ranges, escapes, POSIX brackets, nested
 * classes, {@code &&} between unions, and {@code ^}, which negates the complete class.
 */
final class RegexClassParser {
  /** The last member, which decides the meaning of a hyphen. */
  private enum State {
    /** There is none since the beginning of the class, or since {@code &&}. */
    START,
    /** A character, which may begin a range. */
    VALUE,
    /** A character and a hyphen: the next character ends the range. */
    RANGE,
    /** A named class: no range can begin with it. */
    NAMED,
    /** A range, or a class in brackets. */
    COMPLETE
  }

  private final RegexSource source;

  /** The members since the beginning of the class, or since {@code &&}. */
  private CodePointSet.Builder members = new CodePointSet.Builder();

  /** The intersection of the unions before the last {@code &&}; null before the first one. */
  private @Nullable CodePointSet intersection;

  private State state = State.START;

  /** The last character in the states VALUE and RANGE; it is not among the members yet. */
  private int value;

  private RegexClassParser(RegexSource source) {
    this.source = source;
  }

  /** A class before its negation, so that case folding is applied first. */
  record Parsed(CodePointSet members, boolean negative) {
    /** The class after its negation. */
    CodePointSet set() {
      return negative ? members.complement() : members;
    }
  }

  /**
   * Parses a class whose opening bracket was just read.
   *
   * @throws IllegalArgumentException naming what is not supported, and its place
   */
  static Parsed parse(RegexSource source) {
    source.enter(source.position() - 1);
    Parsed parsed = new RegexClassParser(source).parse();
    source.leave();
    return parsed;
  }

  /** Parses up to the closing bracket. */
  private Parsed parse() {
    int from = source.position() - 1;
    boolean negative = source.take('^');
    if (source.peek() == ']') {
      throw source.unsupported(from, "an empty class, or one that begins with a closing bracket,");
    }
    while (!source.take(']')) {
      if (source.atEnd()) {
        throw source.unsupported(from, "a class without its closing bracket");
      }
      parseMember(source.position());
    }
    return new Parsed(intersected(), negative);
  }

  /** The members so far, within the intersection so far. */
  private CodePointSet intersected() {
    flush();
    CodePointSet set = members.build();
    return intersection == null ? set : intersection.intersection(set);
  }

  /** Parses a character, a class or an operator, which begins at {@code from}. */
  private void parseMember(int from) {
    int character = source.next();
    switch (character) {
      case '[' -> parseBracket(from);
      case '-' -> parseHyphen(from);
      case '\\' -> {
        CodePointSet named = RegexEscapes.takeClass(source, /* inClass= */ true);
        if (named != null) {
          addNamed(named, from);
        } else {
          addValue(RegexEscapes.takeCharacter(source), from);
        }
      }
      case '&' -> {
        if (source.take('&')) {
          intersection = intersected();
          members = new CodePointSet.Builder();
          state = State.START;
        } else {
          addValue('&', from);
        }
      }
      default -> addValue(character, from);
    }
  }

  /** Parses a POSIX bracket or a nested class. */
  private void parseBracket(int from) {
    if (state == State.RANGE) {
      throw source.unsupported(from, "a range that ends with a class");
    }
    if (isPosix()) {
      addNamed(takePosix(from), from);
      return;
    }
    flush();
    members.addAll(parse(source).set());
    state = State.COMPLETE;
  }

  /** Whether {@code :}, optionally {@code ^}, letters and {@code :]} follow. */
  private boolean isPosix() {
    int at = source.peek(1) == '^' ? 2 : 1;
    while (source.peek(at) != RegexSource.END && Character.isAlphabetic(source.peek(at))) {
      at++;
    }
    return source.peek() == ':' && at > 1 && source.peek(at) == ':' && source.peek(at + 1) == ']';
  }

  /** Reads a POSIX bracket, such as {@code [:alpha:]}, up to its second colon and bracket. */
  private CodePointSet takePosix(int from) {
    source.next(); // the first colon
    boolean negative = source.take('^');
    int nameFrom = source.position();
    while (source.peek() != ':') {
      source.next();
    }
    CodePointSet set = RegexProperties.posix(source.since(nameFrom));
    if (set == null) {
      throw source.unsupported(from, "an unknown POSIX bracket");
    }
    source.take(":]");
    return negative ? set.complement() : set;
  }

  /**
   * Parses a hyphen. Between two characters it makes a range; after a named class it must be the
   * last member; any other hyphen is a member.
   */
  private void parseHyphen(int from) {
    boolean isLast = source.peek() == ']' || (source.peek() == '&' && source.peek(1) == '&');
    switch (state) {
      case VALUE -> {
        if (isLast) {
          addValue('-', from);
        } else {
          state = State.RANGE;
        }
      }
      case NAMED -> {
        if (!isLast) {
          throw source.unsupported(from, "a range that begins with a class");
        }
        addValue('-', from);
      }
      case START, RANGE, COMPLETE -> addValue('-', from);
    }
  }

  /** Adds a character, or the range that ends with it. */
  private void addValue(int character, int from) {
    if (state == State.RANGE) {
      if (character < value) {
        throw source.unsupported(from, "a range whose end comes before its beginning");
      }
      members.add(value, character);
      state = State.COMPLETE;
      return;
    }
    flush();
    value = character;
    state = State.VALUE;
  }

  /** Adds a class that an escape or a POSIX bracket names. */
  private void addNamed(CodePointSet named, int from) {
    if (state == State.RANGE) {
      throw source.unsupported(from, "a range that ends with a class");
    }
    flush();
    members.addAll(named);
    state = State.NAMED;
  }

  /** Adds the last character to the members if it begins no range. */
  private void flush() {
    if (state == State.VALUE) {
      members.add(value);
    }
  }
}
