package org.merganser.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Fills values into texts for people, in the same way in every locale. */
public final class Phrase {
  private Phrase() {}

  /**
   * Fills values into a text.
   *
   * @param format as in {@link String#format}; without values, the text itself
   */
  public static String of(String format, @Nullable Object... values) {
    return values.length == 0 ? format : String.format(Locale.ROOT, format, values);
  }
}
