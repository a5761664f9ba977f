package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;

/** An input of a corpus; what it does not say is what the corpus says. */
public record CorpusInput(
    @Field(
            doc = "A file, a folder or a glob, on any file system that Beam knows.",
            isLocation = true)
        String path,
    @Field(doc = "What its files hold; null: corpus.format.", byDefault = "null")
        @Nullable InputFormat format,
    @Unwrapped SourceSettings settings)
    implements Serializable {

  /** Inputs that are read as the corpus is. */
  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(path -> new CorpusInput(path, null, SourceSettings.NONE)).toList();
  }
}
