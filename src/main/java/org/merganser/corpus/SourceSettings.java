package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The settings of an input that override those of the corpus. */
public record SourceSettings(
    @Nullable String separator,
    @Nullable String textField,
    @Nullable String idField,
    @Nullable String group,
    int weight)
    implements Serializable {
  public static final SourceSettings NONE = new SourceSettings(null, null, null, null, 1);

  /**
   * Part of fingerprints, so an absent separator, which earlier versions did not have, is not in
   * it.
   */
  @Override
  public String toString() {
    return "SourceSettings[textField=%s, idField=%s, group=%s, weight=%s%s]"
        .formatted(
            textField, idField, group, weight, separator == null ? "" : ", separator=" + separator);
  }
}
