package org.merganser.text.regex;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexNode.Anchor;
import org.merganser.text.unicode.CodePointSet;

/**
 * Parses a regular expression in Oniguruma's own syntax (its {@code doc/RE}, which is neither
 * Java's nor Perl's: {@code {1,3}+} isn't possessive, {@code \h} is a hexadecimal digit, {@code ^}
 * holds at every line), as far as its meaning is reproduced exactly. Everything else is refused by
 * name and place. Groups capture only where a back-reference asks for them.
 */
final class RegexParser {
  /** What {@code (?...)} switches on and off, by its letter. */
  enum Option {
    IGNORE_CASE('i', Set.of()),
    DOT_MATCHES_NEWLINE('m', Set.of()),
    EXTENDED('x', Set.of()),
    ASCII_WORD('W', Set.of("word")),
    ASCII_DIGIT('D', Set.of("digit")),
    ASCII_SPACE('S', Set.of("space")),
    ASCII_POSIX(
        'P',
        Set.of(
            "alnum",
            "alpha",
            "blank",
            "cntrl",
            "digit",
            "graph",
            "lower",
            "posixpunct",
            "print",
            "space",
            "upper",
            "word",
            "xdigit"));

    private final char letter;

    /** The properties that hold only ASCII's characters. */
    @SuppressWarnings("ImmutableEnumChecker") // it is made by Set.of
    private final Set<String> narrowed;

    Option(char letter, Set<String> narrowed) {
      this.letter = letter;
      this.narrowed = narrowed;
    }

    /** The option of a letter, or null. */
    static @Nullable Option of(int letter) {
      for (Option option : values()) {
        if (option.letter == letter) {
          return option;
        }
      }
      return null;
    }

    /** Whether one of the options narrows a property to ASCII. */
    static boolean narrow(Set<Option> options, String property) {
      return options.stream().anyMatch(option -> option.narrowed.contains(property));
    }
  }

  private static final RegexNode NOTHING = new RegexNode.Concat(List.of());

  private final RegexSource source;
  private final RegexGroups groups;
  private final RegexQuantifiers quantifiers;
  private Set<Option> options = Set.of();
  private boolean inLookBehind;

  /** The looks around the place. */
  private int looks;

  private RegexParser(String regex) {
    source = new RegexSource(regex);
    groups = new RegexGroups(source);
    quantifiers = new RegexQuantifiers(source);
  }

  /**
   * @throws IllegalArgumentException naming the construct that isn't supported, and its place
   */
  static RegexNode parse(String regex) {
    RegexParser parser = new RegexParser(regex);
    RegexNode node = parser.spelledOut(parser.alternation());
    if (!parser.source.atEnd()) {
      throw parser.source.refuse(parser.source.position(), "a closing parenthesis of no group");
    }
    return parser.groups.withReferencedAlone(node);
  }

  /** Alternatives; a single one may have {@link RegexNode.FoldedText} in it. */
  private RegexNode alternation() {
    Set<Option> outer = options;
    RegexNode first = sequence();
    List<RegexNode> choices = new ArrayList<>();
    while (source.take('|')) {
      choices.add(spelledOut(sequence()));
    }
    options = outer;
    if (choices.isEmpty()) {
      return first;
    }
    choices.add(0, spelledOut(first));
    return new RegexNode.Alternation(choices);
  }

  private RegexNode spelledOut(RegexNode node) {
    return RegexFolding.spellOut(node, inLookBehind);
  }

  /** Up to the next alternative or the end of the group. A sequence in it becomes part of it. */
  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (true) {
      source.skipIgnored(has(Option.EXTENDED));
      if (source.atEnd() || source.peek() == '|' || source.peek() == ')') {
        return parts.size() == 1 ? parts.get(0) : new RegexNode.Concat(parts);
      }
      int from = source.position();
      RegexNode atom = atom();
      source.skipIgnored(has(Option.EXTENDED));
      RegexNode node =
          quantifiers.isNext()
              ? quantifiers.repeated(spelledOut(atom), from, has(Option.EXTENDED))
              : atom;
      if (node instanceof RegexNode.Concat concat) {
        concat.parts().forEach(part -> append(part, parts));
      } else {
        append(node, parts);
      }
    }
  }

  private static void append(RegexNode node, List<RegexNode> parts) {
    int last = parts.size() - 1;
    if (node instanceof RegexNode.FoldedText text
        && last >= 0
        && parts.get(last) instanceof RegexNode.FoldedText before) {
      List<Integer> joined = new ArrayList<>(before.codePoints());
      joined.addAll(text.codePoints());
      parts.set(last, new RegexNode.FoldedText(joined));
    } else {
      parts.add(node);
    }
  }

  private RegexNode atom() {
    int from = source.position();
    int character = source.next();
    return switch (character) {
      case '(' -> group(from);
      case '[' -> bracketed();
      case '.' -> any(has(Option.DOT_MATCHES_NEWLINE));
      case '^' -> anchor(Anchor.LINE_START);
      case '$' -> anchor(Anchor.LINE_END);
      case '\\' -> escape(from);
      case '?', '*', '+' -> throw source.refuse(from, "a quantifier with nothing before it");
      case '{' -> brace(from);
      default -> literal(character);
    };
  }

  /** A brace that begins no interval stands for itself. */
  private RegexNode brace(int from) {
    source.back(from);
    if (quantifiers.isNext()) {
      throw source.refuse(from, "a quantifier with nothing before it");
    }
    source.next();
    return literal('{');
  }

  private static RegexNode anchor(Anchor anchor) {
    return new RegexNode.Assertion(anchor);
  }

  private static RegexNode any(boolean newline) {
    return new RegexNode.Set(
        newline ? CodePointSet.all() : CodePointSet.ofRanges('\n', '\n').complement());
  }

  private RegexNode bracketed() {
    RegexClassParser.Parsed parsed = RegexClassParser.parse(source, options);
    return has(Option.IGNORE_CASE)
        ? RegexFolding.bracketed(parsed)
        : new RegexNode.Set(parsed.set());
  }

  private RegexNode literal(int character) {
    if (character >= CodePointSet.LIMIT || isSurrogate(character)) {
      // No text has it.
      return new RegexNode.Set(new CodePointSet.Builder().build());
    }
    return has(Option.IGNORE_CASE)
        ? new RegexNode.FoldedText(List.of(character))
        : new RegexNode.Char(character);
  }

  private static boolean isSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  private boolean has(Option option) {
    return options.contains(option);
  }

  private RegexNode escape(int from) {
    int letter = source.peek();
    boolean asciiWord = Option.narrow(options, "word");
    RegexNode node =
        switch (letter) {
          case 'A' -> anchor(Anchor.TEXT_START);
          case 'z' -> anchor(Anchor.TEXT_END);
          case 'Z' -> anchor(Anchor.TEXT_END_OR_LAST_NEWLINE);
          case 'b' -> anchor(asciiWord ? Anchor.ASCII_BOUNDARY : Anchor.WORD_BOUNDARY);
          case 'B' -> anchor(asciiWord ? Anchor.NOT_ASCII_BOUNDARY : Anchor.NOT_WORD_BOUNDARY);
          case 'G' -> anchor(Anchor.SEARCH_START);
          case 'y' -> anchor(Anchor.CLUSTER_BOUNDARY);
          case 'Y' -> anchor(Anchor.NOT_CLUSTER_BOUNDARY);
          case 'X' -> cluster();
          case 'K' -> keep(from);
          case 'N' -> any(false);
          case 'O' -> any(true);
          case 'R' -> anyNewline();
          default -> NOTHING;
        };
    if (node != NOTHING) {
      source.next();
      return node;
    }
    if (letter >= '1' && letter <= '9') {
      return numbered(from);
    }
    boolean named = source.peek(1) == '<' || source.peek(1) == '\'';
    if (letter == 'g' && named) {
      throw source.refuse(from, "a call of a group");
    } else if (letter == 'k' && named) {
      source.next();
      refuseInLookBehind(from, "a back-reference");
      return groups.takeReference(from, source.next() == '<' ? '>' : '\'', has(Option.IGNORE_CASE));
    }
    CodePointSet set = RegexEscapes.takeClass(source, false, options);
    return set != null ? new RegexNode.Set(set) : escapedCharacter(from);
  }

  private RegexNode escapedCharacter(int from) {
    int character = RegexEscapes.takeCharacter(source, false);
    if (character > RegexEscapes.GREATEST) {
      throw source.refuse(from, "a character beyond 1FFFFF");
    }
    return literal(character);
  }

  private RegexNode keep(int from) {
    if (looks > 0) {
      throw source.refuse(from, "\\K in a look ahead or behind");
    }
    return new RegexNode.Keep();
  }

  /** {@code \N}: a back-reference, or the number of a character where there are too few groups. */
  private RegexNode numbered(int from) {
    int number = groups.takeNumber();
    if (!groups.mayBe(number)) {
      source.back(from + 1);
      return escapedCharacter(from);
    }
    refuseInLookBehind(from, "a back-reference");
    return groups.byNumber(from, number, has(Option.IGNORE_CASE));
  }

  private void refuseInLookBehind(int from, String what) {
    if (inLookBehind) {
      throw source.refuse(from, what + " in a look-behind");
    }
  }

  /** {@code (?>\O(?:\Y\O)*)}. */
  private static RegexNode cluster() {
    RegexNode more = new RegexNode.Concat(List.of(anchor(Anchor.NOT_CLUSTER_BOUNDARY), any(true)));
    return new RegexNode.Atomic(
        new RegexNode.Concat(
            List.of(
                any(true),
                new RegexNode.Repeat(more, 0, RegexNode.UNBOUNDED, RegexNode.Mode.GREEDY))));
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
      return captured(from, null);
    }
    if (source.take(':')) {
      return closed(alternation(), from);
    } else if (source.take('>')) {
      return new RegexNode.Atomic(spelledOut(closed(alternation(), from)));
    } else if (source.take('=')) {
      return look(from, true, false);
    } else if (source.take('!')) {
      return look(from, true, true);
    } else if (source.take("<=")) {
      return look(from, false, false);
    } else if (source.take("<!")) {
      return look(from, false, true);
    } else if (source.take('<')) {
      return captured(from, groups.takeName(from, '>'));
    } else if (source.take('\'')) {
      return captured(from, groups.takeName(from, '\''));
    }
    return options(from);
  }

  private RegexNode captured(int from, @Nullable String name) {
    int group = groups.open(from, name);
    return groups.close(group, spelledOut(closed(alternation(), from)));
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
    inLookBehind = !ahead;
    looks++;
    RegexNode body = spelledOut(closed(alternation(), from));
    looks--;
    inLookBehind = false;
    if (!ahead && body.maxLength() > 255) {
      throw source.refuse(from, "a look-behind over more than 255 characters");
    }
    return new RegexNode.Look(body, ahead, negative);
  }

  /** {@code (?i-m:...)}, or {@code (?i)}, which holds up to the end of the group it stands in. */
  private RegexNode options(int from) {
    Set<Option> outer = options;
    Set<Option> changed = EnumSet.noneOf(Option.class);
    changed.addAll(options);
    boolean on = true;
    while (source.peek() != ':' && source.peek() != ')') {
      int letter = source.atEnd() ? RegexSource.END : source.next();
      Option option = Option.of(letter);
      if (option != null) {
        if (on) {
          changed.add(option);
        } else {
          changed.remove(option);
        }
      } else if (letter == '-') {
        on = false;
      } else if (letter != 'y' || !on || !source.take("{g}")) { // {g} is how \X works anyway
        throw source.refuse(from, "the group " + source.since(from));
      }
    }
    options = changed;
    if (source.take(':')) {
      RegexNode body = spelledOut(closed(alternation(), from));
      options = outer;
      return body;
    }
    source.next();
    // alternation() of the enclosing group sets the options back.
    return spelledOut(alternation());
  }
}
