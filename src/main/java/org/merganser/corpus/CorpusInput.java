package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings.Format;

/**
 * An input of a corpus.
 *
 * @param path a file, a folder or a glob
 * @param format of its files; null: that of the corpus
 */
public record CorpusInput(String path, @Nullable Format format, SourceSettings settings)
    implements Serializable {

  /** Inputs that are read as the corpus is. */
  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(path -> new CorpusInput(path, null, SourceSettings.NONE)).toList();
  }
}
