package org.merganser.job;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.merganser.corpus.InputFormat;
import org.merganser.json.NamedInFile;

/** The names of constants in a job file, and the nearest known name for a misspelled one. */
public final class Spelling {
  /** The most characters of a name that is compared; a longer one is no misspelling. */
  private static final int LONGEST = 100;

  private Spelling() {}

  /** A constant as job files spell it: {@code DEAD_LETTER} becomes {@code deadLetter}. */
  public static String ofConstant(Enum<?> constant) {
    if (constant instanceof NamedInFile named) {
      return named.nameInFile();
    }
    StringBuilder spelled = new StringBuilder();
    for (String word : constant.name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      spelled.append(
          spelled.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return spelled.toString();
  }

  /** The constants of an enum that a job may have, as job files spell them. */
  static List<String> ofConstants(Class<?> enumType) {
    return constants(enumType).stream().map(Spelling::ofConstant).toList();
  }

  /** The constants of an enum that a job may have; only a plan has the other formats of input. */
  static List<? extends Enum<?>> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .filter(constant -> !(constant instanceof InputFormat f) || InputFormat.named().contains(f))
        .map(constant -> (Enum<?>) constant)
        .toList();
  }

  /** {@code ; did you mean "NAME"?} with the nearest allowed name, or "". */
  public static String suggestion(String name, Collection<String> allowed) {
    return nearest(name, allowed).map(near -> "; did you mean \"" + near + "\"?").orElse("");
  }

  /** The nearest allowed name, if it is near enough for a suggestion. */
  public static Optional<String> nearest(String name, Collection<String> allowed) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int least = name.length() < 3 ? 0 : 1;
    int allowedDistance = Math.max(least, (name.length() - 1) / 3); // one change in 3 characters
    int bestDistance = allowedDistance + 1;
    for (String candidate : allowed) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * The edit distance of Levenshtein with two additions: a swap of two adjacent characters is one
   * change (optimal string alignment), and so is a missing end of {@code a} after at least three
   * characters.
   */
  private static int distance(String a, String b) {
    if (a.length() >= 3 && a.length() < b.length() && b.startsWith(a)) {
      return 1;
    }
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
        least = Math.min(least, distance[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, distance[i - 2][j - 2] + 1);
        }
        distance[i][j] = least;
      }
    }
    return distance[a.length()][b.length()];
  }
}
