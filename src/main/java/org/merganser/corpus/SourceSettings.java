package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an input that override those of the corpus for its files; null for a setting that
 * the input does not name.
 *
 * @param separator the line between the documents of a text
 * @param textField path or template of the text in records with fields
 * @param idField path or template of the document id
 * @param group of all documents of the input
 * @param weight how many times each document counts when a vocabulary is learned
 */
public record SourceSettings(
    @Nullable String separator,
    @Nullable String textField,
    @Nullable String idField,
    @Nullable String group,
    int weight)
    implements Serializable {
  /** The settings of an input that is only a path. */
  public static final SourceSettings NONE = new SourceSettings(null, null, null, null, 1);

  /**
   * This text is part of fingerprints. An absent separator is left out, since older outputs, made
   * before inputs had separators, must keep their fingerprints.
   */
  @Override
  public String toString() {
    return "SourceSettings[textField=%s, idField=%s, group=%s, weight=%s%s]"
        .formatted(
            textField, idField, group, weight, separator == null ? "" : ", separator=" + separator);
  }
}
