package org.merganser.cli.job;

import java.util.Collections;
import java.util.Enumeration;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobKeys;
import org.merganser.job.Key;

/**
 * The summaries of the keys of the job as a resource bundle, by {@code key.} and the path. The
 * description of an option that sets a key refers to it, such as {@code
 * ${bundle:key.corpus.format}}.
 */
public final class KeyTexts extends ResourceBundle {
  private static final String PREFIX = "key.";

  @Override
  protected @Nullable Object handleGetObject(String name) {
    Key key = name.startsWith(PREFIX) ? JobKeys.all().get(name.substring(PREFIX.length())) : null;
    return key == null ? null : KeySummary.of(key);
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.enumeration(
        JobKeys.all().keySet().stream()
            .map(PREFIX::concat)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
