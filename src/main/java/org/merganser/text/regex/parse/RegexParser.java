package org.merganser.text.regex.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.merganser.text.unicode.CaseFolding;
import org.merganser.text.unicode.CodePointSet;

/**
 * Parses Oniguruma's own syntax (its {@code doc/RE}), which is neither Java's nor Perl's: {@code
 * {1,3}+} is not possessive, {@code \h} is a hexadecimal digit, {@code ^} matches at every line. It
 * accepts the constructs that tokenizers use and that are reproduced exactly; everything else is
 * refused by name and place. Groups capture only a character that is repeated right after them.
 */
public final class RegexParser {
  private static final CaseFolding FOLDING = CaseFolding.get();

  /** In place of a character or a place. */
  private static final int NONE = -1;

  /** The maximum of characters that may be captured, each with an automaton of its own. */
  private static final int MAX_CAPTURED = 128;

  /** Oniguruma's own bound of a look-behind. */
  private static final int MAX_LOOK_BEHIND = 255;

  /** A construct of {@code (?i)} whose matches depend on how Oniguruma joins characters. */
  private static final String SEVERAL =
      "a letter that (?i) equates with several, as \u00DF with ss (write [sS] for"
          + " a letter in both cases)";

  private final RegexSource source;
  private final RegexQuantifiers quantifiers;

  /** The option i. */
  private boolean ignoreCase;

  /** The option m. */
  private boolean dotMatchesNewline;

  private boolean inLookBehind;

  /** The character that was just read without regard to case, or NONE. */
  private int folded = NONE;

  /** The number of groups so far that Oniguruma numbers. */
  private int groups;

  /** The number of the numbered group that ended last. */
  private int lastGroup;

  private RegexNode lastGroupBody = new RegexNode.Concat(List.of());

  /** The place after that group. */
  private int lastGroupEnd = NONE;

  /** Whether a group has a name. */
  private boolean hasNames;

  /** Whether a group is referred to by its number. */
  private boolean hasNumbers;

  private RegexParser(String regex) {
    source = new RegexSource(regex);
    quantifiers = new RegexQuantifiers(source);
  }

  /**
   * The syntax tree of a regex.
   *
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  public static RegexNode parse(String regex) {
    RegexParser parser = new RegexParser(regex);
    RegexNode node = parser.alternation();
    if (!parser.source.atEnd()) {
      throw parser.source.refuse(parser.source.position(), "a closing parenthesis of no group");
    }
    if (parser.hasNames && parser.hasNumbers) {
      throw parser.source.refuse(0, "a group with a name beside a reference by number");
    }
    return node;
  }

  /** Parses alternatives up to the end of the group; options that are set in it end with it. */
  private RegexNode alternation() {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDotMatchesNewline = dotMatchesNewline;
    List<RegexNode> choices = new ArrayList<>(List.of(sequence()));
    while (source.take('|')) {
      folded = NONE;
      choices.add(sequence());
    }
    ignoreCase = outerIgnoreCase;
    dotMatchesNewline = outerDotMatchesNewline;
    return choices.size() == 1 ? choices.get(0) : new RegexNode.Alternation(choices);
  }

  /** Parses up to the next alternative or the end of the group; nested sequences are flattened. */
  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (!source.atEnd() && source.peek() != '|' && source.peek() != ')') {
      int from = source.position();
      RegexNode node =
          isRepeatedCapture() ? repeatedCapture(parts.remove(parts.size() - 1)) : atom();
      if (quantifiers.isNext()) {
        node = quantifiers.repeated(node, from);
        folded = NONE;
      }
      if (node instanceof RegexNode.Concat concat) {
        parts.addAll(concat.parts());
      } else {
        parts.add(node);
      }
    }
    return parts.size() == 1 ? parts.get(0) : new RegexNode.Concat(parts);
  }

  /** Whether the group of one character just before is named by {@code \1} and the like. */
  private boolean isRepeatedCapture() {
    CodePointSet set = lastGroupBody.singleCharacter();
    return source.position() == lastGroupEnd
        && source.peek() == '\\'
        && source.peek(1) == '0' + lastGroup
        && !Character.isDigit(source.peek(2))
        && !(ignoreCase || inLookBehind)
        && set != null
        && set.next(0) >= 0
        && set.size() <= MAX_CAPTURED;
  }

  /** {@code ([ab])\1*} as {@code (?:aa*|bb*)}: one alternative for each captured character. */
  private RegexNode repeatedCapture(RegexNode group) {
    CodePointSet set = Objects.requireNonNull(group.singleCharacter());
    hasNumbers = true;
    int from = source.position();
    List<RegexNode> choices = new ArrayList<>();
    for (int c = set.next(0); c >= 0; c = set.next(c + 1)) {
      source.back(from + 2); // the quantifier after \1 is parsed for each character
      RegexNode captured = new RegexNode.Char(c);
      RegexNode again = new RegexNode.Char(c);
      if (quantifiers.isNext()) {
        again = quantifiers.repeated(again, from);
      }
      choices.add(new RegexNode.Concat(List.of(captured, again)));
    }
    return new RegexNode.Alternation(choices);
  }

  /** Parses what a quantifier may follow: a character, a class, a group or an anchor. */
  private RegexNode atom() {
    int from = source.position();
    int character = source.next();
    int before = folded;
    folded = character == '(' ? before : NONE;
    return switch (character) {
      case '(' -> group(from);
      case '[' -> bracketed(from);
      case '.' -> any(dotMatchesNewline);
      case '^' -> new RegexNode.Assertion(AdjacentCondition.LINE_START);
      case '$' -> new RegexNode.Assertion(AdjacentCondition.LINE_END);
      case '\\' -> escape(from, before);
      case '?', '*', '+' -> throw source.refuse(from, "a quantifier with nothing before it");
      case '{' -> brace(from);
      default -> literal(character, from, before);
    };
  }

  /** A brace that does not begin an interval is a literal brace. */
  private RegexNode brace(int from) {
    source.back(from);
    if (quantifiers.isNext()) {
      throw source.refuse(from, "a quantifier with nothing before it");
    }
    source.next();
    return new RegexNode.Char('{');
  }

  /** Any character, a newline included or not. */
  private static RegexNode any(boolean newline) {
    return new RegexNode.Set(
        newline ? CodePointSet.all() : CodePointSet.ofRanges('\n', '\n').complement());
  }

  /** A class in brackets, of which the opening one was read. */
  private RegexNode bracketed(int from) {
    RegexClassParser.Parsed parsed = RegexClassParser.parse(source);
    if (!ignoreCase) {
      return new RegexNode.Set(parsed.set());
    }
    CodePointSet closed = FOLDING.closure(parsed.members());
    if (!parsed.negative() && FOLDING.hasFoldingToSeveral(closed)) {
      throw source.refuse(from, SEVERAL);
    }
    return new RegexNode.Set(parsed.negative() ? closed.complement() : closed);
  }

  /**
   * A character, in any case if the option is set.
   *
   * @param before the character before it that was read without regard to case, or NONE
   */
  private RegexNode literal(int character, int from, int before) {
    if (!ignoreCase) {
      return new RegexNode.Char(character);
    }
    CodePointSet closed = FOLDING.closure(character);
    boolean joinsBefore = before != NONE && FOLDING.beginsFoldingToSeveral(before, character);
    if (joinsBefore || FOLDING.hasFoldingToSeveral(closed)) {
      throw source.refuse(from, SEVERAL);
    }
    folded = character;
    return closed.size() == 1 ? new RegexNode.Char(character) : new RegexNode.Set(closed);
  }

  /** An escape, of which the backslash was read. */
  private RegexNode escape(int from, int before) {
    RegexNode node =
        switch (source.peek()) {
          case 'A' -> new RegexNode.Assertion(AdjacentCondition.TEXT_START);
          case 'z' -> new RegexNode.Assertion(AdjacentCondition.TEXT_END);
          case 'b' -> new RegexNode.Assertion(AdjacentCondition.wordBoundary(true));
          case 'B' -> new RegexNode.Assertion(AdjacentCondition.wordBoundary(false));
          case 'Z' -> textEndOrLastNewline();
          case 'N' -> any(false);
          case 'O' -> any(true);
          case 'R' -> anyNewline();
          default -> null;
        };
    if (node != null) {
      source.next();
      return node;
    }
    CodePointSet set = RegexEscapes.takeClass(source, false);
    return set != null
        ? new RegexNode.Set(set)
        : literal(RegexEscapes.takeCharacter(source), from, before);
  }

  /** {@code (?=\n?\z)}. */
  private RegexNode textEndOrLastNewline() {
    refuseInLookBehind(source.position() - 1);
    RegexNode newline = new RegexNode.Repeat(new RegexNode.Char('\n'), 0, 1, RegexNode.Mode.GREEDY);
    RegexNode end = new RegexNode.Assertion(AdjacentCondition.TEXT_END);
    boolean ahead = true;
    boolean negative = false;
    return new RegexNode.Look(new RegexNode.Concat(List.of(newline, end)), ahead, negative);
  }

  /** {@code (?>\r\n|[\n-\r\x{85}\x{2028}\x{2029}])}. */
  private static RegexNode anyNewline() {
    RegexNode both =
        new RegexNode.Concat(List.of(new RegexNode.Char('\r'), new RegexNode.Char('\n')));
    RegexNode one =
        new RegexNode.Set(CodePointSet.ofRanges(0x0A, 0x0D, 0x85, 0x85, 0x2028, 0x2029));
    return new RegexNode.Atomic(new RegexNode.Alternation(List.of(both, one)));
  }

  /** A group, of which the opening parenthesis at {@code from} was read. */
  private RegexNode group(int from) {
    source.enter(from);
    RegexNode group = groupWithin(from);
    source.leave();
    return group;
  }

  /** Parses the group's kind and content. */
  private RegexNode groupWithin(int from) {
    if (source.peek() == '*') {
      throw source.refuse(from, "a callout");
    }
    if (!source.take('?')) {
      return numbered(from);
    } else if (source.take(':')) {
      return closedGroup(from);
    } else if (source.take('>')) {
      return new RegexNode.Atomic(closedGroup(from));
    } else if (source.take('=')) {
      return lookAhead(from, false);
    } else if (source.take('!')) {
      return lookAhead(from, true);
    } else if (source.take("<=")) {
      return lookBehind(from, false);
    } else if (source.take("<!")) {
      return lookBehind(from, true);
    } else if (source.take('<')) {
      return named(from);
    }
    return options(from);
  }

  /** {@code (...)}, to which a reference by number may follow. */
  private RegexNode numbered(int from) {
    int number = ++groups;
    RegexNode body = closedGroup(from);
    lastGroup = number;
    lastGroupBody = body;
    lastGroupEnd = source.position();
    return body;
  }

  /** {@code (?<name>...)}: the name has no effect. */
  private RegexNode named(int from) {
    int start = source.position();
    while (source.peek() == '_' || Character.isLetterOrDigit(source.peek())) {
      source.next();
    }
    String name = source.since(start);
    if (name.isEmpty() || Character.isDigit(name.codePointAt(0)) || !source.take('>')) {
      throw source.refuse(from, "a group with such a name");
    }
    hasNames = true;
    return closedGroup(from);
  }

  /** The alternatives of a group, and its closing parenthesis. */
  private RegexNode closedGroup(int from) {
    RegexNode body = alternation();
    if (!source.take(')')) {
      throw source.refuse(from, "a group without its closing parenthesis");
    }
    return body;
  }

  private RegexNode lookAhead(int from, boolean negative) {
    refuseInLookBehind(from);
    boolean ahead = true;
    return new RegexNode.Look(closedGroup(from), ahead, negative);
  }

  private RegexNode lookBehind(int from, boolean negative) {
    refuseInLookBehind(from);
    inLookBehind = true;
    RegexNode body = closedGroup(from);
    inLookBehind = false;
    if (body.maxLength() > MAX_LOOK_BEHIND) {
      throw source.refuse(from, "a lookbehind over more than " + MAX_LOOK_BEHIND + " characters");
    }
    boolean ahead = false;
    return new RegexNode.Look(body, ahead, negative);
  }

  private void refuseInLookBehind(int from) {
    if (inLookBehind) {
      throw source.refuse(from, "a lookaround inside a lookbehind");
    }
  }

  /** {@code (?i-m:...)}, or {@code (?i)} up to the end of its group. */
  private RegexNode options(int from) {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDotMatchesNewline = dotMatchesNewline;
    boolean on = true;
    while (source.peek() != ':' && source.peek() != ')') {
      switch (source.atEnd() ? RegexSource.END : source.next()) {
        case 'i' -> ignoreCase = on;
        case 'm' -> dotMatchesNewline = on;
        case '-' -> on = false;
        default -> throw source.refuse(from, "the group " + source.since(from));
      }
    }
    if (source.next() == ')') {
      // alternation() of the enclosing group restores the options
      return alternation();
    }
    RegexNode body = closedGroup(from);
    ignoreCase = outerIgnoreCase;
    dotMatchesNewline = outerDotMatchesNewline;
    return body;
  }
}
