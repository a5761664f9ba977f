package org.merganser.text;

import java.util.List;
import java.util.Random;
import org.merganser.TestResources;

/**
 * Small random regular expressions that HF takes: nothing is repeated that cannot be. One in eight
 * of {@link #nextOfAll} keeps no such rule, so that refusals are tried too.
 */
public final class RegexTexts {
  private static final List<String> ATOMS = TestResources.list("text/regex-atoms.json");

  /** Atoms that the backtracking matcher alone runs, or that have rare spellings. */
  private static final List<String> MORE_ATOMS = TestResources.list("text/regex-more-atoms.json");

  private static final String[] ANCHORS = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"};
  private static final String[] QUANTIFIERS = {
    "?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}", "{1,2}", "{2,}", "{,2}", "{1,2}?",
    "{2}?", "{1,3}+"
  };

  /** What one in eight has in place of what keeps the rules. */
  private static final List<String> UNRULY = TestResources.list("text/regex-unruly-parts.json");

  private final Random random;
  private boolean all;
  private boolean unruly;

  /**
   * A part of a regex.
   *
   * @param mayBeEmpty whether it may match nothing
   * @param repeatable whether a quantifier may stand behind it
   */
  private record Part(String text, boolean mayBeEmpty, boolean repeatable) {}

  public RegexTexts(Random random) {
    this.random = random;
  }

  /** Of what an automaton expresses, for the most part. */
  public String next() {
    return next(false);
  }

  /** Of all constructs. */
  public String nextOfAll() {
    return next(true);
  }

  private String next(boolean ofAll) {
    all = ofAll;
    unruly = ofAll && random.nextInt(8) == 0;
    return alternation(2).text;
  }

  private Part alternation(int depth) {
    Part part = sequence(depth);
    StringBuilder regex = new StringBuilder(part.text);
    boolean mayBeEmpty = part.mayBeEmpty;
    boolean repeatable = part.repeatable;
    for (int i = random.nextInt(3); i > 0; i--) {
      Part choice = sequence(depth);
      regex.append('|').append(choice.text);
      mayBeEmpty |= choice.mayBeEmpty;
      repeatable &= choice.repeatable;
    }
    return new Part(regex.toString(), mayBeEmpty, repeatable);
  }

  private Part sequence(int depth) {
    StringBuilder regex = new StringBuilder();
    boolean mayBeEmpty = true;
    int length = 1 + random.nextInt(4);
    boolean repeatable = length > 1;
    for (int i = 0; i < length; i++) {
      Part part = repeated(part(depth));
      regex.append(part.text);
      mayBeEmpty &= part.mayBeEmpty;
      repeatable |= part.repeatable;
    }
    return new Part(regex.toString(), mayBeEmpty, repeatable);
  }

  private Part repeated(Part part) {
    Part repeated = part;
    for (int most = all && random.nextInt(8) == 0 ? 2 : 1; most > 0; most--) {
      if ((!repeated.repeatable && !unruly) || random.nextBoolean()) {
        return repeated;
      }
      String quantifier =
          repeated.mayBeEmpty && !unruly ? pick("?", "??", "?+") : pick(QUANTIFIERS);
      boolean mayBeEmpty = repeated.mayBeEmpty || "?*".indexOf(quantifier.charAt(0)) >= 0;
      mayBeEmpty |= quantifier.startsWith("{,");
      repeated = new Part(repeated.text + quantifier, mayBeEmpty, true);
    }
    return repeated;
  }

  private Part part(int depth) {
    if (unruly && random.nextInt(4) == 0) {
      return new Part(pick(UNRULY), false, true);
    }
    if (random.nextInt(10) == 0) {
      return new Part(pick(ANCHORS), true, false);
    }
    if (depth > 0 && random.nextInt(6) == 0) {
      return look();
    }
    if (depth > 0 && random.nextInt(3) == 0) {
      return group(depth);
    }
    return new Part(pick(all && random.nextInt(3) == 0 ? MORE_ATOMS : ATOMS), false, true);
  }

  /** What looks ahead has no further looks. */
  private Part look() {
    if (random.nextBoolean()) {
      String behind = pick(ATOMS) + (random.nextInt(3) == 0 ? "|" + pick(ATOMS) : "");
      return new Part((random.nextBoolean() ? "(?<=" : "(?<!") + behind + ")", true, false);
    }
    Part ahead = sequence(0);
    return new Part((random.nextBoolean() ? "(?=" : "(?!") + ahead.text + ")", true, false);
  }

  private Part group(int depth) {
    Part body = alternation(depth - 1);
    String opening = pick("(?:", "(?>", "(", "(?<name>");
    boolean repeatable = opening.equals("(?>") || body.repeatable;
    return new Part(opening + body.text + ")", body.mayBeEmpty, repeatable);
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String pick(String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
