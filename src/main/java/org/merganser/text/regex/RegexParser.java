package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexNode.Anchor;
import org.merganser.text.regex.RegexNode.Mode;
import org.merganser.text.unicode.CaseFolding;
import org.merganser.text.unicode.CodePointSet;

/**
 * Parses a regular expression in Oniguruma's own syntax (its {@code doc/RE}, which is neither
 * Java's nor Perl's: {@code {1,3}+} isn't possessive, {@code \h} is a hexadecimal digit, {@code ^}
 * holds at every line), as far as its meaning is reproduced exactly. Everything else is refused by
 * name and place. Groups capture nothing, since back references are among what is refused.
 */
final class RegexParser {
  /** Oniguruma's own bound of a repeat. */
  private static final int MAX_REPEAT = 100_000;

  private static final RegexNode NOTHING = new RegexNode.Concat(List.of());

  private final RegexSource source;
  private boolean ignoreCase;
  private boolean dotMatchesNewline;
  private boolean inLookBehind;

  /** How a quantifier is written: {@code {n}} can't be lazy, and only a sign can be possessive. */
  private enum Form {
    SIGN,
    NUMBER,
    RANGE
  }

  private record Bounds(int min, int max, Form form) {}

  /** Literal characters in a row under (?i), for foldings to several characters. */
  private final List<Integer> literalRun = new ArrayList<>();

  private RegexParser(String regex) {
    source = new RegexSource(regex);
  }

  /**
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  static RegexNode parse(String regex) {
    RegexParser parser = new RegexParser(regex);
    RegexNode node = parser.alternation();
    if (!parser.source.atEnd()) {
      throw parser.source.refuse(parser.source.position(), "a closing parenthesis of no group");
    }
    return node;
  }

  private RegexNode alternation() {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDot = dotMatchesNewline;
    List<RegexNode> choices = new ArrayList<>();
    do {
      literalRun.clear();
      choices.add(sequence());
    } while (source.take('|'));
    ignoreCase = outerIgnoreCase;
    dotMatchesNewline = outerDot;
    return choices.size() == 1 ? choices.get(0) : new RegexNode.Alternation(choices);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (!source.atEnd() && source.peek() != '|' && source.peek() != ')') {
      int from = source.position();
      parts.add(repeats(atom(), from));
    }
    return parts.size() == 1 ? parts.get(0) : new RegexNode.Concat(parts);
  }

  private RegexNode atom() {
    int from = source.position();
    int character = source.next();
    return switch (character) {
      case '(' -> group(from);
      case '[' -> bracketed(from);
      case '.' -> any(dotMatchesNewline);
      case '^' -> anchor(Anchor.LINE_START);
      case '$' -> anchor(Anchor.LINE_END);
      case '\\' -> escape(from);
      case '?', '*', '+' -> throw source.refuse(from, "a quantifier with nothing before it");
      case '{' -> brace(from);
      default -> literal(character, from);
    };
  }

  /** A brace that begins no interval stands for itself. */
  private RegexNode brace(int from) {
    source.back(from);
    if (interval() != null) {
      throw source.refuse(from, "a quantifier with nothing before it");
    }
    source.back(from + 1);
    return literal('{', from);
  }

  private RegexNode anchor(Anchor anchor) {
    literalRun.clear();
    return new RegexNode.Assertion(anchor);
  }

  private RegexNode any(boolean newline) {
    literalRun.clear();
    return new RegexNode.Set(
        newline ? CodePointSet.all() : CodePointSet.ofRanges('\n', '\n').complement());
  }

  private RegexNode bracketed(int from) {
    literalRun.clear();
    RegexClassParser.Parsed parsed = RegexClassParser.parse(source);
    if (!ignoreCase) {
      return new RegexNode.Set(parsed.set());
    }
    CaseFolding folding = CaseFolding.get();
    int multiple = folding.firstMultiple(parsed.members());
    if (multiple >= 0 && !parsed.negative()) {
      throw source.refuse(from, "(?i) over a class with " + foldsToSeveral(multiple));
    }
    CodePointSet closed = folding.close(parsed.members());
    return new RegexNode.Set(parsed.negative() ? closed.complement() : closed);
  }

  private static String foldsToSeveral(int character) {
    return String.format("U+%04X, which folds to several characters,", character);
  }

  private RegexNode literal(int character, int from) {
    if (!ignoreCase) {
      literalRun.clear();
      return new RegexNode.Char(character);
    }
    CaseFolding folding = CaseFolding.get();
    CodePointSet closed = folding.close(character);
    int multiple = folding.firstMultiple(closed);
    if (multiple >= 0) {
      throw source.refuse(from, "(?i) over " + foldsToSeveral(multiple));
    }
    if (isQuantifierNext()) {
      literalRun.clear();
    } else {
      literalRun.add(character);
      if (folding.holdsSequence(literalRun)) {
        throw source.refuse(
            from, "(?i) over letters that one character may fold to (such as ss, fi or st)");
      }
    }
    return closed.size() == 1 ? new RegexNode.Char(character) : new RegexNode.Set(closed);
  }

  private boolean isQuantifierNext() {
    int next = source.peek();
    return next == '?' || next == '*' || next == '+' || next == '{';
  }

  private RegexNode escape(int from) {
    RegexNode node =
        switch (source.peek()) {
          case 'A' -> new RegexNode.Assertion(Anchor.TEXT_START);
          case 'z' -> new RegexNode.Assertion(Anchor.TEXT_END);
          case 'Z' -> new RegexNode.Assertion(Anchor.TEXT_END_OR_LAST_NEWLINE);
          case 'b' -> new RegexNode.Assertion(Anchor.WORD_BOUNDARY);
          case 'B' -> new RegexNode.Assertion(Anchor.NOT_WORD_BOUNDARY);
          case 'N' -> any(false);
          case 'O' -> any(true);
          case 'R' -> anyNewline();
          default -> NOTHING;
        };
    if (node != NOTHING) {
      source.next();
      literalRun.clear();
      return node;
    }
    CodePointSet named = RegexEscapes.takeClass(source, false);
    if (named != null) {
      literalRun.clear();
      return new RegexNode.Set(named);
    }
    return literal(RegexEscapes.takeCharacter(source, false), from);
  }

  private static RegexNode anyNewline() {
    return new RegexNode.Atomic(
        new RegexNode.Alternation(
            List.of(
                new RegexNode.Concat(List.of(new RegexNode.Char('\r'), new RegexNode.Char('\n'))),
                new RegexNode.Set(CodePointSet.ofRanges(0x0A, 0x0D, 0x85, 0x85, 0x2028, 0x2029)))));
  }

  private RegexNode group(int from) {
    source.enter(from);
    RegexNode group = groupWithin(from);
    source.leave();
    return group;
  }

  private RegexNode groupWithin(int from) {
    if (source.peek() == '*') {
      throw source.refuse(from, "a callout");
    }
    if (!source.take('?')) {
      return closed(alternation(), from);
    }
    if (source.take(':')) {
      return closed(alternation(), from);
    } else if (source.take('>')) {
      return new RegexNode.Atomic(closed(alternation(), from));
    } else if (source.take('=')) {
      return look(from, true, false);
    } else if (source.take('!')) {
      return look(from, true, true);
    } else if (source.take("<=")) {
      return look(from, false, false);
    } else if (source.take("<!")) {
      return look(from, false, true);
    } else if (source.take('<')) {
      while (!source.atEnd() && Character.isLetterOrDigit(source.peek())) {
        source.next();
      }
      if (!source.take('>')) {
        throw source.refuse(from, "a group with such a name");
      }
      return closed(alternation(), from);
    }
    return options(from);
  }

  private RegexNode closed(RegexNode node, int from) {
    if (!source.take(')')) {
      throw source.refuse(from, "a group without its closing parenthesis");
    }
    return node;
  }

  private RegexNode look(int from, boolean ahead, boolean negative) {
    if (inLookBehind) {
      throw source.refuse(from, "looking around inside of a look-behind");
    }
    literalRun.clear();
    inLookBehind = !ahead;
    RegexNode body = closed(alternation(), from);
    inLookBehind = false;
    literalRun.clear();
    if (!ahead && body.maxLength() > 255) {
      throw source.refuse(from, "a look-behind over more than 255 characters");
    }
    return new RegexNode.Look(body, ahead, negative);
  }

  /** {@code (?i-m:...)}, or {@code (?i)}, which holds up to the end of the group it stands in. */
  private RegexNode options(int from) {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDot = dotMatchesNewline;
    boolean on = true;
    while (source.peek() != ':' && source.peek() != ')') {
      int option = source.atEnd() ? RegexSource.END : source.next();
      switch (option) {
        case '-' -> on = false;
        case 'i' -> ignoreCase = on;
        case 'm' -> dotMatchesNewline = on;
        default -> throw source.refuse(from, "the group " + source.since(from));
      }
    }
    if (source.take(':')) {
      RegexNode body = closed(alternation(), from);
      ignoreCase = outerIgnoreCase;
      dotMatchesNewline = outerDot;
      return body;
    }
    source.next();
    // alternation() of the enclosing group sets the options back.
    return alternation();
  }

  private RegexNode repeats(RegexNode atom, int from) {
    RegexNode node = atom;
    boolean mayRepeat = !isBetweenCharacters(atom);
    while (true) {
      int at = source.position();
      Bounds bounds = interval();
      if (bounds == null) {
        bounds =
            switch (source.peek()) {
              case '?' -> new Bounds(0, 1, Form.SIGN);
              case '*' -> new Bounds(0, RegexNode.UNBOUNDED, Form.SIGN);
              case '+' -> new Bounds(1, RegexNode.UNBOUNDED, Form.SIGN);
              default -> null;
            };
        if (bounds == null) {
          return node;
        }
        source.next();
      }
      if (!mayRepeat) {
        throw source.refuse(at, "a quantifier of what it stands behind (from " + from + ")");
      }
      boolean severalTimes = bounds.min > 1 || (bounds.max > 1 && bounds.max < RegexNode.UNBOUNDED);
      if (severalTimes && node.minLength() == 0) {
        // Oniguruma leaves a counted loop at an empty turn, before its least number of turns.
        throw source.refuse(at, "an interval of what can match nothing (from " + from + ")");
      }
      Mode mode = Mode.GREEDY;
      if (bounds.form != Form.NUMBER && source.take('?')) {
        mode = Mode.LAZY;
      } else if (bounds.form == Form.SIGN && source.take('+')) {
        mode = Mode.POSSESSIVE;
      }
      node = new RegexNode.Repeat(node, bounds.min, bounds.max, mode);
      literalRun.clear();
      mayRepeat = bounds.form != Form.SIGN;
    }
  }

  /** What Oniguruma doesn't repeat: a look or an anchor, alone or as an alternative. */
  private static boolean isBetweenCharacters(RegexNode node) {
    return node instanceof RegexNode.Look
        || node instanceof RegexNode.Assertion
        || (node instanceof RegexNode.Alternation alternation
            && alternation.choices().stream().anyMatch(RegexParser::isBetweenCharacters));
  }

  /** Reads {@code {n}}, {@code {n,}}, {@code {n,m}} or {@code {,m}}; null where none stands. */
  private @Nullable Bounds interval() {
    int from = source.position();
    if (!source.take('{')) {
      return null;
    }
    int min = number(from);
    int max = min;
    Form form = Form.NUMBER;
    if (source.take(',')) {
      form = Form.RANGE;
      max = number(from);
      if (min < 0 && max < 0) {
        source.back(from);
        return null;
      }
      min = Math.max(min, 0);
      max = max < 0 ? RegexNode.UNBOUNDED : max;
    }
    if (min < 0 || !source.take('}')) {
      source.back(from);
      return null;
    }
    if (min > max) {
      throw source.refuse(from, "an interval that counts down");
    }
    return new Bounds(min, max, form);
  }

  /** A decimal number, or -1. */
  private int number(int from) {
    int value = -1;
    while (source.peek() >= '0' && source.peek() <= '9') {
      value = Math.max(value, 0) * 10 + source.next() - '0';
      if (value > MAX_REPEAT) {
        throw source.refuse(from, "an interval beyond " + MAX_REPEAT);
      }
    }
    return value;
  }
}
