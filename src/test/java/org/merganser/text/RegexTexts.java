package org.merganser.text;

import java.util.Random;

/** Small random regular expressions from what the general path supports, and beyond. */
public final class RegexTexts {
  private static final String[] ATOMS = {
    "a",
    "b",
    "ab",
    "x",
    "1",
    " ",
    "中",
    "é",
    ".",
    "\\n",
    "[ab]",
    "[^a]",
    "[a-c&&[^b]]",
    "\\p{L}",
    "\\P{L}",
    "\\p{Lu}",
    "\\s",
    "\\S",
    "\\d",
    "\\w",
    "\\W",
    "[\\p{L}\\d]",
    "[^\\s\\p{L}]",
    "(?i:x)",
    "\\h",
    "[b-x[1]]",
    "(?m:.)"
  };
  private static final String[] QUANTIFIERS = {
    "?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}", "{1,2}", "{2,}", "{,2}", "{1,2}?",
    "{2}?", "{1,3}+", "{0,1}+"
  };
  private static final String[] ANCHORS = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"};

  /** Atoms beside {@link #ATOMS} that the backtracking matcher alone runs, or that have options. */
  private static final String[] MORE_ATOMS = {
    "\\1",
    "\\2",
    "\\k<1>",
    "\\k<-1>",
    "\\k'-2'",
    "\\k<n>",
    "\\k<m>",
    "(?i:\\1)",
    "(?i:\\k<n>)",
    "\\K",
    "\\G",
    "\\R",
    "\\X",
    "\\y",
    "\\Y",
    "(?#a)",
    "(?i:ss)",
    "(?i:aß)",
    "(?i:[aßﬁ])",
    "(?i:x(?:s)s)",
    "(?x: a # b\n b )",
    "(?i)",
    "(?x)",
    "(a)",
    "(b|a)",
    "(.)",
    "(\\w+)",
    "(?<n>a)",
    "(?<m>b|a)",
    "(?'n'.)"
  };

  private final Random random;
  private boolean all;

  public RegexTexts(Random random) {
    this.random = random;
  }

  public String next() {
    return alternation(2);
  }

  /** Of all constructs; HF itself doesn't take each of these. */
  public String nextOfAll() {
    all = true;
    String regex = alternation(2);
    all = false;
    return regex;
  }

  private String alternation(int depth) {
    StringBuilder regex = new StringBuilder(sequence(depth));
    for (int i = random.nextInt(3); i > 0; i--) {
      regex.append('|').append(sequence(depth));
    }
    return regex.toString();
  }

  private String sequence(int depth) {
    StringBuilder regex = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (random.nextInt(10) == 0) {
        regex.append(ANCHORS[random.nextInt(ANCHORS.length)]);
        continue;
      }
      if (depth > 0 && random.nextInt(6) == 0) {
        String[] looks = {"(?=", "(?!", "(?<=", "(?<!"};
        String look = looks[random.nextInt(looks.length)];
        regex
            .append(look)
            .append(look.contains("<") ? ATOMS[random.nextInt(ATOMS.length)] : sequence(0));
        regex.append(')');
        continue;
      }
      if (depth > 0 && random.nextInt(3) == 0) {
        String[] groups = {"(?:", "(", "(?>"};
        regex
            .append(groups[random.nextInt(groups.length)])
            .append(alternation(depth - 1))
            .append(')');
      } else {
        String[] atoms = all && random.nextInt(2) == 0 ? MORE_ATOMS : ATOMS;
        regex.append(atoms[random.nextInt(atoms.length)]);
      }
      if (random.nextInt(2) == 0) {
        regex.append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
      }
      if (all && random.nextInt(8) == 0) {
        regex.append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
      }
    }
    return regex.toString();
  }
}
