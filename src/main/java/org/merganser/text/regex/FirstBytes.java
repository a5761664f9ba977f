package org.merganser.text.regex;

/** The bytes with which a match of a regex may begin, to pass over the others. Immutable. */
final class FirstBytes {
  private final boolean[] bytes = new boolean[256];

  /** Whether a match may be empty, and so be anywhere. */
  private final boolean matchesNothing;

  FirstBytes(RegexNode root) {
    matchesNothing = root.firstBytes(bytes);
  }

  /** The first place of {@code [at, to)} where a match may start; {@code to + 1} if none. */
  int next(byte[] text, int at, int to) {
    if (matchesNothing) {
      return at;
    }
    int next = at;
    while (next < to && !bytes[text[next] & 0xFF]) {
      next++;
    }
    return next < to ? next : to + 1;
  }
}
