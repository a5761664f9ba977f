package org.merganser.text.regex.parse;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.RegexProperties;

/**
 * Parses a bracketed class like Oniguruma's {@code prs_cc}: ranges, escapes, POSIX brackets, nested
 * classes, {@code &&} between unions, {@code ^} over all of it.
 */
final class RegexClassParser {
  /** The last member, which decides the meaning of a hyphen. */
  private enum State {
    START,
    VALUE,
    RANGE,
    /** A named class: no range can begin with it. */
    NAMED,
    /** A range, or a class in brackets. */
    COMPLETE
  }

  private final RegexSource source;
  private CodePointSet.Builder members = new CodePointSet.Builder();
  private @Nullable CodePointSet intersection;
  private State state = State.START;
  private int value;

  private RegexClassParser(RegexSource source) {
    this.source = source;
  }

  /** A class before its negation, so that case folding is applied first. */
  record Parsed(CodePointSet members, boolean negative) {
    CodePointSet set() {
      return negative ? members.complement() : members;
    }
  }

  static Parsed parse(RegexSource source) {
    source.enter(source.position() - 1);
    Parsed parsed = new RegexClassParser(source).parse();
    source.leave();
    return parsed;
  }

  private Parsed parse() {
    int from = source.position() - 1;
    boolean negative = source.take('^');
    if (source.peek() == ']') {
      throw source.refuse(from, "an empty class, or one that begins with a closing bracket,");
    }
    while (!source.take(']')) {
      if (source.atEnd()) {
        throw source.refuse(from, "a class without its closing bracket");
      }
      member(source.position());
    }
    flush();
    CodePointSet set = members.build();
    return new Parsed(intersection == null ? set : intersection.intersection(set), negative);
  }

  private void member(int from) {
    int character = source.next();
    switch (character) {
      case '[' -> bracket(from);
      case '-' -> hyphen(from);
      case '\\' -> {
        CodePointSet named = RegexEscapes.takeClass(source, true);
        if (named != null) {
          addNamed(named, from);
        } else {
          addValue(RegexEscapes.takeCharacter(source), from);
        }
      }
      case '&' -> {
        if (source.take('&')) {
          flush();
          CodePointSet left = members.build();
          intersection = intersection == null ? left : intersection.intersection(left);
          members = new CodePointSet.Builder();
          state = State.START;
        } else {
          addValue('&', from);
        }
      }
      default -> addValue(character, from);
    }
  }

  private void bracket(int from) {
    if (state == State.RANGE) {
      throw source.refuse(from, "a range that ends with a class");
    }
    if (isPosix()) {
      addNamed(posix(from), from);
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

  private CodePointSet posix(int from) {
    source.next();
    boolean negative = source.take('^');
    int nameFrom = source.position();
    while (source.peek() != ':') {
      source.next();
    }
    CodePointSet set = RegexProperties.posix(source.since(nameFrom));
    if (set == null) {
      throw source.refuse(from, "an unknown POSIX bracket");
    }
    source.take(":]");
    return negative ? set.complement() : set;
  }

  private void hyphen(int from) {
    boolean last = source.peek() == ']' || (source.peek() == '&' && source.peek(1) == '&');
    switch (state) {
      case VALUE -> {
        if (last) {
          addValue('-', from);
        } else {
          state = State.RANGE;
        }
      }
      case NAMED -> {
        if (!last) {
          throw source.refuse(from, "a range that begins with a class");
        }
        addValue('-', from);
      }
      default -> addValue('-', from);
    }
  }

  private void addValue(int character, int from) {
    if (state == State.RANGE) {
      if (character < value) {
        throw source.refuse(from, "a range whose end comes before its beginning");
      }
      members.add(value, character);
      state = State.COMPLETE;
      return;
    }
    flush();
    value = character;
    state = State.VALUE;
  }

  private void addNamed(CodePointSet named, int from) {
    if (state == State.RANGE) {
      throw source.refuse(from, "a range that ends with a class");
    }
    flush();
    members.addAll(named);
    state = State.NAMED;
  }

  private void flush() {
    if (state == State.VALUE) {
      members.add(value);
    }
  }
}
