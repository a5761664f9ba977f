package org.merganser.corpus;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;

/** The settings of an input that override those of the corpus. */
@Field.Keys(Decides.FILES)
public record SourceSettings(
    @Field(doc = "The text of its records; null: corpus.textField.") @Nullable String textField,
    @Field(doc = "The id of its documents; null: corpus.idField.") @Nullable String idField,
    @Field(doc = "The group of all its documents; null: what shards.groupBy finds.")
        @Nullable String group,
    @Field(
            doc =
                "How often each of its documents counts when the vocabulary is learned; 0: it is"
                    + " not learned from.",
            byDefault = "1",
            min = 0,
            max = 1000000)
        int weight)
    implements Serializable {
  /** No settings: those of the corpus apply to the input. */
  public static final SourceSettings NONE = new SourceSettings(null, null, null, 1);
}
