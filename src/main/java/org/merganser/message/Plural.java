package org.merganser.message;

/** Formats a count with its noun: {@code 1 file}, {@code 0 files}, {@code 12,345 files}. */
public final class Plural {
  private Plural() {}

  public static String of(long count, String one) {
    return Phrase.of("%,d %s%s", count, one, count == 1 ? "" : "s");
  }
}
