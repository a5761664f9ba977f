package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an input says about its files in place of what holds for the corpus.
 *
 * @param textField path or template of the text; null: that of the corpus
 * @param idField of the document id; null: that of the corpus
 * @param group of all its documents; null: by the field of the corpus
 * @param weight how often each of its documents counts when a vocabulary is learned
 */
public record SourceSettings(
    @Nullable String textField, @Nullable String idField, @Nullable String group, int weight)
    implements Serializable {
  /** What holds for the corpus holds for the input. */
  public static final SourceSettings NONE = new SourceSettings(null, null, null, 1);
}
