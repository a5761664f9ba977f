package org.merganser.job;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The spelling of names in a job file, and suggestions for misspelled names. */
public final class Spelling {
  /** The most characters of a name for which a suggestion is searched. */
  private static final int LONGEST = 100;

  private Spelling() {}

  /** {@code DEAD_LETTER} becomes {@code deadLetter}. */
  static String ofConstant(Enum<?> constant) {
    StringBuilder spelled = new StringBuilder();
    for (String word : constant.name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      spelled.append(
          spelled.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return spelled.toString();
  }

  /** The allowed name nearest to {@code name}, if it is near enough for a suggestion. */
  public static Optional<String> nearest(String name, Collection<String> allowed) {
    if (name.length() > LONGEST) {
      return Optional.empty(); // the cost grows with the length, and nobody misspells that much
    }
    String best = null;
    int bestDistance = Math.max(2, name.length() / 2) + 1;
    for (String candidate : allowed) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
