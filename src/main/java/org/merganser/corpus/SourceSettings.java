package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an input that override those of the corpus; null where it has none.
 *
 * @param weight how many times each document counts when a vocabulary is learned
 */
public record SourceSettings(
    @Nullable String separator,
    @Nullable String textField,
    @Nullable String idField,
    @Nullable String group,
    int weight)
    implements Serializable {
  /** Those of an input that is only a path. */
  public static final SourceSettings NONE = new SourceSettings(null, null, null, null, 1);

  /**
   * This text is part of fingerprints. An absent separator is left out of it, so that outputs from
   * before there were separators keep theirs.
   */
  @Override
  public String toString() {
    return "SourceSettings[textField=%s, idField=%s, group=%s, weight=%s%s]"
        .formatted(
            textField, idField, group, weight, separator == null ? "" : ", separator=" + separator);
  }
}
