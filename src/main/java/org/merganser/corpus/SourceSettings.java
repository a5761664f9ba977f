package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;

/** The settings of an input that override those of the corpus. */
@Field.Keys(Decides.FILES)
public record SourceSettings(
    @Field @Nullable String textField,
    @Field @Nullable String idField,
    @Field @Nullable String group,
    @Field(byDefault = "1", min = 0, max = 1000000) int weight)
    implements Serializable {
  public static final SourceSettings NONE = new SourceSettings(null, null, null, 1);
}
