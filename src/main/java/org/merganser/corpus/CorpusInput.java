package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;

/**
 * An input of a corpus as the job names it; settings that it omits are those of the corpus. The
 * resource {@code job/keys.yaml} says what each key means, and so do {@link CorpusSettings} and
 * {@link SourceSettings}.
 */
@JobKey.Roles(KeyRole.FILES)
public record CorpusInput(
    @JobKey(isLocation = true, isGlob = true) String path,
    @JobKey @Nullable InputFormat format,
    @JobKey @Nullable String separator,
    @JobKey @Nullable String textField,
    @JobKey @Nullable String idField,
    @JobKey @Nullable String group,
    @JobKey(byDefault = "1", min = 0, max = 1000000) int weight)
    implements Serializable {

  /** The input of a path without settings of its own. */
  public static CorpusInput of(String path) {
    SourceSettings none = SourceSettings.NONE;
    return new CorpusInput(
        path,
        /* format= */ null,
        none.separator(),
        none.textField(),
        none.idField(),
        none.group(),
        none.weight());
  }

  /** The inputs of some paths without settings of their own. */
  public static List<CorpusInput> of(List<String> paths) {
    return paths.stream().map(CorpusInput::of).toList();
  }

  /** The same input at another location. */
  public CorpusInput at(String location) {
    return new CorpusInput(location, format, separator, textField, idField, group, weight);
  }

  /** The same input with these fields; null for those of the corpus. */
  public CorpusInput withFields(@Nullable String text, @Nullable String id) {
    return new CorpusInput(path, format, separator, text, id, group, weight);
  }

  /** The settings of this input that override those of the corpus for its files. */
  public SourceSettings settings() {
    return new SourceSettings(separator, textField, idField, group, weight);
  }
}
