package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The settings of an input that override those of the corpus. */
public record SourceSettings(
    @Nullable String textField, @Nullable String idField, @Nullable String group, int weight)
    implements Serializable {
  public static final SourceSettings NONE = new SourceSettings(null, null, null, 1);
}
