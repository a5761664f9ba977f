package org.merganser.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.merganser.TestResources;

/**
 * Small random regular expressions that HF takes: nothing is repeated that cannot be, and
 * back-references go to groups that have been made. One in eight of {@link #nextOfAll} keeps no
 * such rule, so that refusals are tried too.
 */
public final class RegexTexts {
  private static final List<String> ATOMS = TestResources.list("text/regex-atoms.json");

  /** Atoms that the backtracking matcher alone runs, or that have options or rare spellings. */
  private static final List<String> MORE_ATOMS = TestResources.list("text/regex-more-atoms.json");

  private static final String[] ANCHORS = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"};
  private static final String[] MORE_ANCHORS = {"\\G", "\\y", "\\Y"};
  private static final String[] QUANTIFIERS = {
    "?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}", "{1,2}", "{2,}", "{,2}", "{1,2}?",
    "{2}?", "{1,3}+", "{0,1}+"
  };

  /** What one in eight has in place of what keeps the rules. */
  private static final List<String> UNRULY = TestResources.list("text/regex-unruly-parts.json");

  private final Random random;
  private boolean all;
  private boolean unruly;

  /** Whether the groups of this regex have names; those without one capture nothing then. */
  private boolean named;

  /** The groups that have begun. */
  private int groups;

  /** Groups that back-references may ask for. */
  private final List<Integer> closed = new ArrayList<>();

  /**
   * A part of a regex.
   *
   * @param mayBeEmpty whether it may match nothing
   * @param repeatable whether a quantifier may stand behind it
   * @param inside the groups in it
   */
  private record Part(String text, boolean mayBeEmpty, boolean repeatable, List<Integer> inside) {
    static Part of(String text, boolean mayBeEmpty, boolean repeatable) {
      return new Part(text, mayBeEmpty, repeatable, List.of());
    }
  }

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
    named = random.nextInt(3) == 0;
    groups = 0;
    closed.clear();
    return alternation(2, false).text;
  }

  /** In a look no {@code \K} may stand. */
  private Part alternation(int depth, boolean inLook) {
    List<Integer> inside = new ArrayList<>();
    Part part = sequence(depth, inLook, inside);
    StringBuilder regex = new StringBuilder(part.text);
    boolean mayBeEmpty = part.mayBeEmpty;
    boolean repeatable = part.repeatable;
    for (int i = random.nextInt(3); i > 0; i--) {
      Part choice = sequence(depth, inLook, inside);
      regex.append('|').append(choice.text);
      mayBeEmpty |= choice.mayBeEmpty;
      repeatable &= choice.repeatable;
    }
    return new Part(regex.toString(), mayBeEmpty, repeatable, inside);
  }

  private Part sequence(int depth, boolean inLook, List<Integer> inside) {
    StringBuilder regex = new StringBuilder();
    boolean mayBeEmpty = true;
    int length = 1 + random.nextInt(4);
    boolean repeatable = length > 1;
    for (int i = 0; i < length; i++) {
      Part part = repeated(part(depth, inLook));
      regex.append(part.text);
      mayBeEmpty &= part.mayBeEmpty;
      repeatable |= part.repeatable;
      inside.addAll(part.inside);
    }
    return new Part(regex.toString(), mayBeEmpty, repeatable, List.of());
  }

  private Part repeated(Part part) {
    Part repeated = part;
    for (int most = all && random.nextInt(8) == 0 ? 2 : 1; most > 0; most--) {
      if ((!repeated.repeatable && !unruly) || random.nextBoolean()) {
        return repeated;
      }
      String quantifier = pick(QUANTIFIERS);
      boolean counted = quantifier.charAt(0) == '{' && !quantifier.startsWith("{0,1}");
      if (counted && repeated.mayBeEmpty && !unruly) {
        quantifier = "*";
      }
      if (repeated.mayBeEmpty) {
        closed.removeAll(repeated.inside);
      }
      boolean mayBeEmpty = repeated.mayBeEmpty || "?*".indexOf(quantifier.charAt(0)) >= 0;
      mayBeEmpty |= quantifier.startsWith("{,") || quantifier.startsWith("{0");
      repeated = new Part(repeated.text + quantifier, mayBeEmpty, true, repeated.inside);
    }
    return repeated;
  }

  private Part part(int depth, boolean inLook) {
    if (unruly && random.nextInt(4) == 0) {
      return Part.of(pick(UNRULY), false, true);
    }
    if (random.nextInt(10) == 0) {
      return Part.of(pick(all && random.nextInt(3) == 0 ? MORE_ANCHORS : ANCHORS), true, false);
    }
    if (all && !inLook && random.nextInt(25) == 0) {
      return Part.of("\\K", true, false);
    }
    if (depth > 0 && random.nextInt(6) == 0) {
      return look();
    }
    if (depth > 0 && random.nextInt(3) == 0) {
      return group(depth, inLook);
    }
    if (all && !closed.isEmpty() && random.nextInt(4) == 0) {
      return Part.of(reference(), true, true);
    }
    return Part.of(pick(all && random.nextInt(3) == 0 ? MORE_ATOMS : ATOMS), false, true);
  }

  /** What looks behind has no groups, and what looks ahead has no further looks. */
  private Part look() {
    if (random.nextBoolean()) {
      String behind = pick(ATOMS) + (random.nextInt(3) == 0 ? "|" + pick(ATOMS) : "");
      return Part.of((random.nextBoolean() ? "(?<=" : "(?<!") + behind + ")", true, false);
    }
    Part ahead = sequence(0, true, new ArrayList<>());
    return Part.of((random.nextBoolean() ? "(?=" : "(?!") + ahead.text + ")", true, false);
  }

  private Part group(int depth, boolean inLook) {
    int kind = random.nextInt(all ? 4 : 3);
    if (kind == 0) {
      Part body = alternation(depth - 1, inLook);
      return new Part("(?:" + body.text + ")", body.mayBeEmpty, body.repeatable, body.inside);
    } else if (kind == 1) {
      Part body = alternation(depth - 1, inLook);
      return new Part("(?>" + body.text + ")", body.mayBeEmpty, true, body.inside);
    }
    int group = ++groups;
    Part body = alternation(depth - 1, inLook);
    closed.add(group);
    body.inside.add(group);
    String opening = !named || !all ? "(" : random.nextBoolean() ? "(?<" : "(?'";
    String name = opening.length() == 1 ? "" : "g" + group + (opening.endsWith("<") ? ">" : "'");
    return new Part(opening + name + body.text + ")", body.mayBeEmpty, true, body.inside);
  }

  private String reference() {
    int group = closed.get(random.nextInt(closed.size()));
    if (named) {
      return pick("\\k<g#>", "\\k'g#'", "(?i:\\k<g#>)").replace("#", Integer.toString(group));
    }
    return pick("(?:\\#)", "\\k<#>", "\\k'#'", "(?i:\\#)").replace("#", Integer.toString(group));
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String pick(String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
