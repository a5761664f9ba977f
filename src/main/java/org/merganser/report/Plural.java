package org.merganser.report;

import java.util.Locale;

/** Formats a number of things for sentences. */
public final class Plural {
  private Plural() {}

  /** {@code 1 file}, {@code 0 files}, {@code 12,345 files}. */
  public static String of(long count, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
  }
}
