package org.merganser.text.pretokenize;

import java.util.Optional;
import java.util.function.IntPredicate;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.CutProof;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ComponentClasses;

/**
 * Proves of a component that no piece which it makes has a text inside it. Components behind it cut
 * pieces further and join none, so that no pretoken has it either.
 *
 * <p>With Isolated, a piece is a match or lies in a gap between matches. If no match has the text
 * inside, and its first character always lies in a match ({@link CutProof#endsMatch}), then neither
 * has a gap. With Removed and {@code invert}, the pieces are the matches.
 */
final class ExcludedPretokens {
  private ExcludedPretokens() {}

  /** Why no piece has the text inside; nothing where nothing is proved. */
  static Optional<String> reason(PreTokenizerSpec component, String text, boolean whole) {
    boolean several = text.codePointCount(0, text.length()) > 1;
    if (component instanceof PreTokenizerSpec.Split split) {
      boolean matchesOnly = split.behavior() == Behavior.REMOVED && split.invert();
      return split.behavior() == Behavior.ISOLATED || matchesOnly
          ? matches(split.pattern(), text, whole, matchesOnly)
          : Optional.empty();
    } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      return byteLevel.useRegex()
          ? matches(new TextPattern.Regex(SplitPattern.GPT2.regex()), text, whole, false)
          : Optional.empty();
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      boolean cut =
          digits.individualDigits()
              ? several && any(text, ComponentClasses.NUMERIC::contains)
              : mixes(text, ComponentClasses.NUMERIC::contains);
      return said(cut, "the pre-tokenizer Digits cuts beside digits");
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      boolean mark = any(text, ComponentClasses.PUNCTUATION::contains);
      return said(
          mark
              && (punctuation.behavior() == Behavior.REMOVED
                  || punctuation.behavior() == Behavior.ISOLATED && several),
          "the pre-tokenizer Punctuation cuts beside punctuation");
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return said(
          any(text, ComponentClasses.WHITE_SPACE::contains),
          "the pre-tokenizer WhitespaceSplit leaves white space out");
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      return said(
          any(text, c -> ComponentClasses.WHITE_SPACE.contains(c))
              || mixes(text, ComponentClasses.WORD::contains),
          "the pre-tokenizer Whitespace leaves white space out and cuts beside punctuation");
    } else if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      String mark = metaspace.replacement();
      return said(
          text.contains(" ") && !mark.equals(" ")
              || metaspace.split() && text.lastIndexOf(mark) > 0,
          "the pre-tokenizer Metaspace writes " + mark + " for a space and cuts before it");
    }
    return Optional.empty();
  }

  private static Optional<String> matches(
      TextPattern pattern, String text, boolean whole, boolean matchesOnly) {
    if (pattern.mayHold(text, whole)) {
      return Optional.empty();
    }
    boolean inMatch =
        matchesOnly
            || CutProof.of(pattern)
                .filter(proof -> proof.endsMatch(proof.classOf(text.codePointAt(0))))
                .isPresent();
    return said(
        inMatch,
        "no match of the pre-tokenizer's pattern " + (whole ? "is this text" : "has it inside"));
  }

  private static Optional<String> said(boolean proved, String reason) {
    return proved ? Optional.of(reason) : Optional.empty();
  }

  private static boolean any(String text, IntPredicate set) {
    return text.codePoints().anyMatch(set);
  }

  /** Whether a text has characters inside a set and outside it. */
  private static boolean mixes(String text, IntPredicate set) {
    return any(text, set) && !text.codePoints().allMatch(set);
  }
}
