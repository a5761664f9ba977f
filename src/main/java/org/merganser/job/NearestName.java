package org.merganser.job;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known name that a user probably meant with a misspelled one. */
public final class NearestName {
  /** The most characters of a name that is compared; a longer one is no misspelling. */
  private static final int LONGEST = 100;

  private NearestName() {}

  /** {@code ; did you mean "NAME"?} with the nearest allowed name, or "". */
  public static String suggestion(String name, Collection<String> allowed) {
    return of(name, allowed).map(near -> "; did you mean \"" + near + "\"?").orElse("");
  }

  /**
   * The nearest allowed name, ignoring case, if it is near enough; the first of equally near ones.
   * Near enough is one change for each three characters after the first one, but at least one
   * change, and none for a name of one or two characters.
   */
  public static Optional<String> of(String name, Collection<String> allowed) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int allowedChanges = name.length() < 3 ? 0 : Math.max(1, (name.length() - 1) / 3);
    int bestDistance = allowedChanges + 1; // the first that is too far
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
   * change (optimal string alignment), and so is a missing end of {@code a}, if at least three
   * characters are there.
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
