package org.merganser.corpus;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;

/** An input of a corpus; settings that it omits are those of the corpus. */
@Field.Keys(Decides.FILES)
public record CorpusInput(
    @Field(isLocation = true) String path,
    @Field @Nullable InputFormat format,
    @JsonUnwrapped SourceSettings settings)
    implements Serializable {

  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(path -> new CorpusInput(path, null, SourceSettings.NONE)).toList();
  }
}
