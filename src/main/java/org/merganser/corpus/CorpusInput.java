package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input of a corpus.
 *
 * @param path a file, a folder or a glob
 * @param format of its files; null: that of the corpus
 */
public record CorpusInput(String path, @Nullable InputFormat format, SourceSettings settings)
    implements Serializable {

  /** Inputs that are read as the corpus is. */
  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(path -> new CorpusInput(path, null, SourceSettings.NONE)).toList();
  }
}
