package org.merganser.message;

/** Formats a count with its noun: {@code 1 file}, {@code 0 files}, {@code 12,345 files}. */
public final class Plural {
  private Plural() {}

  /**
   * The count and the noun.
   *
   * @param singular a noun whose plural ends in s
   */
  public static String of(long count, String singular) {
    return Phrase.of("%,d %s%s", count, singular, count == 1 ? "" : "s");
  }
}
