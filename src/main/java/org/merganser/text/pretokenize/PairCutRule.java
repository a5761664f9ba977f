package org.merganser.text.pretokenize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * A cut rule that looks at the two characters beside a place. One of them is ASCII white space:
 *
 * <ol>
 *   <li>the one behind the place, and the one before it is an ASCII character of which the rule has
 *       been proved, or any other that is not white space where it has been proved of all that are
 *       not; or
 *   <li>the one before the place, and the one behind it is a letter or a number, where the rule has
 *       been proved of all letters and numbers.
 * </ol>
 *
 * <p>So the rule also holds in front of a normalizer that makes NFC or NFD. An ASCII character
 * neither changes nor is reordered nor composes with anything before it, and white space composes
 * with nothing behind it, so the parts of each of these cuts normalize alone as they do together.
 * And the character on the other side stays among those that were proved: an ASCII character before
 * an ASCII character stays, normalization makes no white space from anything else, and a letter or
 * number becomes text that begins with one (tested for all of Unicode). NFKC and NFKD don't keep
 * the last (U+FE70 becomes a space and a mark). Immutable.
 */
public final class PairCutRule implements CutRule {
  private static final int ASCII = 0x80;

  /** Whether a cut between two characters is proved. */
  @FunctionalInterface
  interface Proof {
    boolean allows(int before, int behind);
  }

  /** By ASCII white space behind the place: the ASCII characters that may stand before it. */
  private final BitSet[] before;

  /** The ASCII white space before which anything else that is not white space may stand. */
  private final BitSet beforeAny;

  /** The ASCII white space behind which letters and numbers may stand. */
  private final BitSet behindWords;

  private PairCutRule(BitSet[] before, BitSet beforeAny, BitSet behindWords) {
    this.before = before;
    this.beforeAny = beforeAny;
    this.behindWords = behindWords;
  }

  /**
   * The rule that a proof allows; nothing where it allows no place.
   *
   * @param examples characters of which each other one is proved as one of them is, provided that
   *     both are letters or numbers or neither is, and both are white space or neither is
   */
  static Optional<PairCutRule> of(Proof proof, int[] examples) {
    BitSet[] before = new BitSet[ASCII];
    Arrays.setAll(before, c -> new BitSet());
    BitSet beforeAny = new BitSet();
    BitSet behindWords = new BitSet();
    for (int c = 0; c < ASCII; c++) {
      int space = c;
      if (!isAsciiWhiteSpace(space)) {
        continue;
      }
      for (int other = 0; other < ASCII; other++) {
        before[space].set(other, proof.allows(other, space));
      }
      beforeAny.set(
          space,
          Arrays.stream(examples)
              .allMatch(e -> UnicodeCategories.isWhiteSpace(e) || proof.allows(e, space)));
      behindWords.set(
          space, Arrays.stream(examples).allMatch(e -> !isWord(e) || proof.allows(space, e)));
    }
    return new PairCutRule(before, beforeAny, behindWords).ifAny();
  }

  private Optional<PairCutRule> ifAny() {
    boolean none = behindWords.isEmpty() && Arrays.stream(before).allMatch(BitSet::isEmpty);
    return none ? Optional.empty() : Optional.of(this);
  }

  /**
   * This rule without the places that a text may span, in the text as it is or normalized; nothing
   * where no place is left.
   */
  public Optional<PairCutRule> withoutPlacesIn(String text) {
    if (text.chars().noneMatch(PairCutRule::isAsciiWhiteSpace)) {
      return Optional.of(this);
    }
    PairCutRule rest = copy();
    int[] characters = text.codePoints().toArray();
    for (int i = 1; i < characters.length; i++) {
      int left = characters[i - 1];
      int right = characters[i];
      if (isAsciiWhiteSpace(right)) {
        if (left < ASCII) {
          rest.before[right].clear(left);
        } else { // normalized it may be any character that is not ASCII white space
          rest.before[right].clear();
          rest.beforeAny.clear(right);
        }
      }
      if (isAsciiWhiteSpace(left)) {
        rest.behindWords.clear(left);
      }
    }
    return rest.ifAny();
  }

  /** This rule without the places before white space; nothing where no place is left. */
  public Optional<PairCutRule> withoutPlacesBeforeWhiteSpace() {
    BitSet[] none = new BitSet[ASCII];
    Arrays.setAll(none, c -> new BitSet());
    return new PairCutRule(none, new BitSet(), behindWords).ifAny();
  }

  /** This rule without the places behind white space; nothing where no place is left. */
  public Optional<PairCutRule> withoutPlacesBehindWhiteSpace() {
    PairCutRule rest = copy();
    rest.behindWords.clear();
    for (BitSet characters : rest.before) {
      for (int c = 0; c < ASCII; c++) {
        if (isAsciiWhiteSpace(c)) {
          characters.clear(c);
        }
      }
    }
    return rest.ifAny();
  }

  private PairCutRule copy() {
    BitSet[] characters = new BitSet[ASCII];
    Arrays.setAll(characters, c -> (BitSet) before[c].clone());
    return new PairCutRule(characters, (BitSet) beforeAny.clone(), (BitSet) behindWords.clone());
  }

  /** The places, for fingerprints of what depends on them. */
  @Override
  public String toString() {
    StringBuilder places = new StringBuilder();
    for (int c = 0; c < ASCII; c++) {
      if (isAsciiWhiteSpace(c)) {
        places.append("before ").append(c).append(": ").append(before[c]).append("; ");
      }
    }
    return places + "before, any: " + beforeAny + "; behind, words: " + behindWords;
  }

  @Override
  public int lastCut(byte[] text, int from, int to) {
    for (int at = to - 1; at > from; at--) {
      int left = text[at - 1];
      boolean allowed =
          isAsciiWhiteSpace(text[at])
              ? mayStandBefore(text[at], text, from, at)
              : left >= 0 && behindWords.get(left) && wordBegins(text, at, to);
      if (allowed) {
        return at;
      }
    }
    return -1;
  }

  private boolean mayStandBefore(int space, byte[] text, int from, int at) {
    int left = text[at - 1];
    if (left >= 0) {
      return before[space].get(left);
    }
    if (!beforeAny.get(space)) {
      return false;
    }
    int start = at - 1;
    while (start > from && text[start] < (byte) 0xC0) {
      start--;
    }
    return !UnicodeCategories.isWhiteSpace(Utf8.codePoint(text, start));
  }

  private static boolean wordBegins(byte[] text, int at, int to) {
    return at + Utf8.length(text[at]) <= to && isWord(Utf8.codePoint(text, at));
  }

  private static boolean isWord(int codePoint) {
    return UnicodeCategories.isLetter(codePoint) || UnicodeCategories.isNumber(codePoint);
  }

  private static boolean isAsciiWhiteSpace(int codePoint) {
    return codePoint == ' ' || (codePoint >= '\t' && codePoint <= '\r');
  }
}
