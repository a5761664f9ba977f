package org.merganser.text.regex.parse;

import java.util.ArrayList;
import java.util.List;
import org.merganser.text.unicode.CaseFolding;
import org.merganser.text.unicode.CodePointSet;

/**
 * Spells {@code (?i)} out, as Oniguruma does: in a text, from the left to the right, three or two
 * characters that one character folds to match that character as well, and a character that folds
 * to several matches these. In a look-behind a character matches one character alone.
 */
final class RegexFolding {
  private static final CaseFolding FOLDING = CaseFolding.get();

  /** The most characters that one folds to. */
  private static final int MOST = 3;

  private RegexFolding() {}

  /** The node without any {@link RegexNode.FoldedText} in it or in the sequence that it is. */
  static RegexNode spellOut(RegexNode node, boolean inLookBehind) {
    if (node instanceof RegexNode.FoldedText text) {
      return text(text.codePoints(), inLookBehind);
    } else if (node instanceof RegexNode.Concat concat) {
      return new RegexNode.Concat(
          concat.parts().stream().map(part -> spellOut(part, inLookBehind)).toList());
    }
    return node;
  }

  private static RegexNode text(List<Integer> text, boolean inLookBehind) {
    List<RegexNode> parts = new ArrayList<>();
    for (int at = 0; at < text.size(); ) {
      int taken = inLookBehind ? 1 : sequenceLength(text, at);
      parts.add(
          taken > 1
              ? sequence(FOLDING.foldEach(text.subList(at, at + taken)))
              : one(text.get(at), inLookBehind));
      at += taken;
    }
    return parts.size() == 1 ? parts.get(0) : new RegexNode.Concat(parts);
  }

  /** How many characters from a place on one character folds to; 1 if there is no such. */
  private static int sequenceLength(List<Integer> text, int at) {
    for (int length = Math.min(MOST, text.size() - at); length > 1; length--) {
      if (!FOLDING.foldingTo(FOLDING.foldEach(text.subList(at, at + length))).isEmpty()) {
        return length;
      }
    }
    return 1;
  }

  private static RegexNode one(int character, boolean inLookBehind) {
    List<Integer> folded = FOLDING.severalOf(character);
    if (folded.isEmpty()) {
      return set(FOLDING.close(character));
    }
    return inLookBehind ? oneOf(FOLDING.foldingTo(folded)) : sequence(folded);
  }

  /** A character that folds to the sequence, or the sequence itself. */
  private static RegexNode sequence(List<Integer> folded) {
    return new RegexNode.Alternation(List.of(oneOf(FOLDING.foldingTo(folded)), each(folded)));
  }

  private static RegexNode each(List<Integer> folded) {
    return new RegexNode.Concat(folded.stream().map(c -> set(FOLDING.close(c))).toList());
  }

  private static RegexNode oneOf(List<Integer> characters) {
    CodePointSet.Builder set = new CodePointSet.Builder();
    characters.forEach(set::add);
    return set(set.build());
  }

  private static RegexNode set(CodePointSet set) {
    return set.size() == 1 ? new RegexNode.Char(set.next(0)) : new RegexNode.Set(set);
  }

  /** A class in brackets: characters beside it, unless it is negative, and sequences. */
  static RegexNode bracketed(RegexClassParser.Parsed parsed) {
    CodePointSet closed = FOLDING.close(parsed.members());
    if (parsed.negative()) {
      return new RegexNode.Set(closed.complement());
    }
    List<RegexNode> choices = new ArrayList<>(List.of(new RegexNode.Set(closed)));
    for (int length = 2; length <= MOST; length++) {
      for (List<Integer> folded : FOLDING.severalOf(closed, length)) {
        choices.add(each(folded));
      }
    }
    return choices.size() == 1 ? choices.get(0) : new RegexNode.Alternation(choices);
  }
}
