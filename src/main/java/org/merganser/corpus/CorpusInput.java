package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;

/** An input of a corpus; settings that it omits are those of the corpus. */
@Field.Keys(Decides.FILES)
public record CorpusInput(
    @Field(isLocation = true, isGlob = true) String path,
    @Field @Nullable InputFormat format,
    @Field @Nullable String separator,
    @Field @Nullable String textField,
    @Field @Nullable String idField,
    @Field @Nullable String group,
    @Field(byDefault = "1", min = 0, max = 1000000) int weight)
    implements Serializable {

  public static CorpusInput of(String path) {
    return new CorpusInput(path, null, null, null, null, null, 1);
  }

  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(CorpusInput::of).toList();
  }

  /** The same input at another location. */
  public CorpusInput at(String location) {
    return new CorpusInput(location, format, separator, textField, idField, group, weight);
  }

  /** What its files take from it in place of the settings of the corpus. */
  public SourceSettings settings() {
    return new SourceSettings(separator, textField, idField, group, weight);
  }
}
