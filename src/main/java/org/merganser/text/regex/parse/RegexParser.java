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

  /** In place of a character, or of a place in the regex, that does not exist. */
  private static final int NONE = -1;

  /** The greatest number of a group that a backslash and one digit refer to. */
  private static final int MAX_REFERENCE = 9;

  /** The maximum number of characters that may be captured, each of which is an alternative. */
  private static final int MAX_CAPTURED = 128;

  /** The maximum number of characters of a look-behind, Oniguruma's own. */
  private static final int MAX_LOOK_BEHIND = 255;

  /** For messages: a construct whose matches depend on how Oniguruma joins characters. */
  private static final String FOLDS_TO_SEVERAL =
      "a letter that (?i) equates with several, as \u00DF with ss (write [sS] for"
          + " a letter in both cases)";

  private final RegexSource source;
  private final RegexQuantifiers quantifiers;

  /** The option {@code i} at the current place. */
  private boolean ignoreCase;

  /** The option {@code m} at the current place. */
  private boolean dotMatchesNewline;

  /** Whether the current place is in a look-behind. */
  private boolean inLookBehind;

  /** The character that was just read without regard to case, or {@link #NONE}. */
  private int folded = NONE;

  /** The number of groups so far that Oniguruma numbers. */
  private int groups;

  /** The number of the numbered group that ended last. */
  private int lastGroup;

  /** The content of that group; an empty sequence before the first one. */
  private RegexNode lastGroupBody = new RegexNode.Concat(List.of());

  /** The place after that group, or {@link #NONE}. */
  private int lastGroupEnd = NONE;

  /** Whether a group has a name. */
  private boolean hasNames;

  /** Whether a group is referred to by its number. Oniguruma allows that only without names. */
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
    RegexNode node = parser.parseAlternation();
    if (!parser.source.atEnd()) {
      throw parser.source.unsupported(
          parser.source.position(), "a closing parenthesis of no group");
    }
    if (parser.hasNames && parser.hasNumbers) {
      throw parser.source.unsupported(0, "a group with a name beside a reference by number");
    }
    return node;
  }

  /** Parses alternatives up to the end of the group; options that are set in it end with it. */
  private RegexNode parseAlternation() {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDotMatchesNewline = dotMatchesNewline;
    List<RegexNode> choices = new ArrayList<>(List.of(parseSequence()));
    while (source.take('|')) {
      folded = NONE;
      choices.add(parseSequence());
    }
    ignoreCase = outerIgnoreCase;
    dotMatchesNewline = outerDotMatchesNewline;
    return choices.size() == 1 ? choices.get(0) : new RegexNode.Alternation(choices);
  }

  /** Parses up to the next alternative or the end of the group; nested sequences are flattened. */
  private RegexNode parseSequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (!source.atEnd() && source.peek() != '|' && source.peek() != ')') {
      int from = source.position();
      RegexNode node =
          isRepeatedCapture() ? expandCapture(parts.remove(parts.size() - 1)) : parseAtom();
      if (quantifiers.isNext()) {
        node = quantifiers.takeAll(node, from);
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
        && lastGroup <= MAX_REFERENCE
        && source.peek(1) == '0' + lastGroup
        && !Character.isDigit(source.peek(2))
        && !(ignoreCase || inLookBehind)
        && set != null
        && set.next(0) >= 0
        && set.size() <= MAX_CAPTURED;
  }

  /** {@code ([ab])\1*} as {@code (?:aa*|bb*)}: one alternative for each captured character. */
  private RegexNode expandCapture(RegexNode group) {
    CodePointSet set = Objects.requireNonNull(group.singleCharacter());
    hasNumbers = true;
    int from = source.position();
    List<RegexNode> choices = new ArrayList<>();
    for (int c = set.next(0); c >= 0; c = set.next(c + 1)) {
      source.back(from + 2); // the quantifier after \1 is parsed for each character
      RegexNode captured = new RegexNode.Char(c);
      RegexNode again = new RegexNode.Char(c);
      if (quantifiers.isNext()) {
        again = quantifiers.takeAll(again, from);
      }
      choices.add(new RegexNode.Concat(List.of(captured, again)));
    }
    return new RegexNode.Alternation(choices);
  }

  /** Parses what a quantifier may follow: a character, a class, a group or an anchor. */
  private RegexNode parseAtom() {
    int from = source.position();
    int character = source.next();
    int before = folded;
    folded = character == '(' ? before : NONE; // the first one in a group follows the same one
    return switch (character) {
      case '(' -> parseGroup(from);
      case '[' -> parseClass(from);
      case '.' -> dotMatchesNewline ? anyCharacter() : anyExceptNewline();
      case '^' -> new RegexNode.Assertion(AdjacentCondition.LINE_START);
      case '$' -> new RegexNode.Assertion(AdjacentCondition.LINE_END);
      case '\\' -> parseEscape(from, before);
      case '?', '*', '+' -> throw source.unsupported(from, "a quantifier with nothing before it");
      case '{' -> parseBrace(from);
      default -> parseLiteral(character, from, before);
    };
  }

  /** An opening brace: a literal one, or that of an interval, which needs an atom before it. */
  private RegexNode parseBrace(int from) {
    source.back(from);
    if (quantifiers.isNext()) {
      throw source.unsupported(from, "a quantifier with nothing before it");
    }
    source.next();
    return new RegexNode.Char('{');
  }

  /** Any character, a newline included. */
  private static RegexNode anyCharacter() {
    return new RegexNode.Set(CodePointSet.all());
  }

  /** Any character except a newline. */
  private static RegexNode anyExceptNewline() {
    return new RegexNode.Set(CodePointSet.ofRanges('\n', '\n').complement());
  }

  /** A class in brackets, of which the opening one was read. */
  private RegexNode parseClass(int from) {
    RegexClassParser.Parsed parsed = RegexClassParser.parse(source);
    if (!ignoreCase) {
      return new RegexNode.Set(parsed.set());
    }
    CodePointSet closed = FOLDING.closure(parsed.members());
    if (!parsed.negative() && FOLDING.hasFoldingToSeveral(closed)) {
      throw source.unsupported(from, FOLDS_TO_SEVERAL);
    }
    return new RegexNode.Set(parsed.negative() ? closed.complement() : closed);
  }

  /**
   * A character, in any case if the option is set.
   *
   * @param before the character before it that was read without regard to case, or NONE
   */
  private RegexNode parseLiteral(int character, int from, int before) {
    if (!ignoreCase) {
      return new RegexNode.Char(character);
    }
    CodePointSet closed = FOLDING.closure(character);
    boolean joinsBefore = before != NONE && FOLDING.beginsFoldingToSeveral(before, character);
    if (joinsBefore || FOLDING.hasFoldingToSeveral(closed)) {
      throw source.unsupported(from, FOLDS_TO_SEVERAL);
    }
    folded = character;
    return closed.size() == 1 ? new RegexNode.Char(character) : new RegexNode.Set(closed);
  }

  /**
   * An escape, of which the backslash was read.
   *
   * @param before as in {@link #parseLiteral}
   */
  private RegexNode parseEscape(int from, int before) {
    RegexNode node =
        switch (source.peek()) {
          case 'A' -> new RegexNode.Assertion(AdjacentCondition.TEXT_START);
          case 'z' -> new RegexNode.Assertion(AdjacentCondition.TEXT_END);
          case 'b' -> new RegexNode.Assertion(AdjacentCondition.wordBoundary());
          case 'B' -> new RegexNode.Assertion(AdjacentCondition.noWordBoundary());
          case 'Z' -> textEndOrLastNewline();
          case 'N' -> anyExceptNewline();
          case 'O' -> anyCharacter();
          case 'R' -> anyNewline();
          default -> null;
        };
    if (node != null) {
      source.next();
      return node;
    }
    CodePointSet set = RegexEscapes.takeClass(source, /* inClass= */ false);
    return set != null
        ? new RegexNode.Set(set)
        : parseLiteral(RegexEscapes.takeCharacter(source), from, before);
  }

  /** {@code (?=\n?\z)}. */
  private RegexNode textEndOrLastNewline() {
    refuseInLookBehind(source.position() - 1);
    RegexNode newline = new RegexNode.Repeat(new RegexNode.Char('\n'), 0, 1, RegexNode.Mode.GREEDY);
    RegexNode end = new RegexNode.Assertion(AdjacentCondition.TEXT_END);
    return new RegexNode.Look(
        new RegexNode.Concat(List.of(newline, end)), /* ahead= */ true, /* negative= */ false);
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
  private RegexNode parseGroup(int from) {
    source.enter(from);
    RegexNode group = parseGroupContent(from);
    source.leave();
    return group;
  }

  /** Parses the group's kind and content. */
  private RegexNode parseGroupContent(int from) {
    if (source.peek() == '*') {
      throw source.unsupported(from, "a callout");
    }
    if (!source.take('?')) {
      return parseNumberedGroup(from);
    } else if (source.take(':')) {
      return parseGroupBody(from);
    } else if (source.take('>')) {
      return new RegexNode.Atomic(parseGroupBody(from));
    } else if (source.take('=')) {
      return parseLookAhead(from, /* negative= */ false);
    } else if (source.take('!')) {
      return parseLookAhead(from, /* negative= */ true);
    } else if (source.take("<=")) {
      return parseLookBehind(from, /* negative= */ false);
    } else if (source.take("<!")) {
      return parseLookBehind(from, /* negative= */ true);
    } else if (source.take('<')) {
      return parseNamedGroup(from);
    }
    return parseOptions(from);
  }

  /** {@code (...)}, to which a reference by number may follow. */
  private RegexNode parseNumberedGroup(int from) {
    int number = ++groups;
    RegexNode body = parseGroupBody(from);
    lastGroup = number;
    lastGroupBody = body;
    lastGroupEnd = source.position();
    return body;
  }

  /** {@code (?<name>...)}: the name has no effect. */
  private RegexNode parseNamedGroup(int from) {
    int start = source.position();
    while (source.peek() == '_' || Character.isLetterOrDigit(source.peek())) {
      source.next();
    }
    String name = source.since(start);
    if (name.isEmpty() || Character.isDigit(name.codePointAt(0)) || !source.take('>')) {
      throw source.unsupported(from, "a group with such a name");
    }
    hasNames = true;
    return parseGroupBody(from);
  }

  /** The alternatives of a group, and its closing parenthesis. */
  private RegexNode parseGroupBody(int from) {
    RegexNode body = parseAlternation();
    if (!source.take(')')) {
      throw source.unsupported(from, "a group without its closing parenthesis");
    }
    return body;
  }

  /** {@code (?=...)} or {@code (?!...)}, of which all before the content was read. */
  private RegexNode parseLookAhead(int from, boolean negative) {
    refuseInLookBehind(from);
    return new RegexNode.Look(parseGroupBody(from), /* ahead= */ true, negative);
  }

  /** {@code (?<=...)} or {@code (?<!...)}, of which all before the content was read. */
  private RegexNode parseLookBehind(int from, boolean negative) {
    refuseInLookBehind(from);
    inLookBehind = true;
    RegexNode body = parseGroupBody(from);
    inLookBehind = false;
    if (body.maxLength() > MAX_LOOK_BEHIND) {
      throw source.unsupported(
          from, "a lookbehind over more than " + MAX_LOOK_BEHIND + " characters");
    }
    return new RegexNode.Look(body, /* ahead= */ false, negative);
  }

  /** Refuses a look, which begins at {@code from}, inside a look-behind. */
  private void refuseInLookBehind(int from) {
    if (inLookBehind) {
      throw source.unsupported(from, "a lookaround inside a lookbehind");
    }
  }

  /** {@code (?i-m:...)}, or {@code (?i)} up to the end of its group. */
  private RegexNode parseOptions(int from) {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDotMatchesNewline = dotMatchesNewline;
    boolean on = true;
    while (source.peek() != ':' && source.peek() != ')') {
      switch (source.atEnd() ? RegexSource.END : source.next()) {
        case 'i' -> ignoreCase = on;
        case 'm' -> dotMatchesNewline = on;
        case '-' -> on = false;
        default -> throw source.unsupported(from, "the group " + source.since(from));
      }
    }
    if (source.next() == ')') {
      // parseAlternation() of the enclosing group restores the options
      return parseAlternation();
    }
    RegexNode body = parseGroupBody(from);
    ignoreCase = outerIgnoreCase;
    dotMatchesNewline = outerDotMatchesNewline;
    return body;
  }
}
