package org.merganser.cli.job;

import java.util.Collections;
import java.util.Enumeration;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Key;

/**
 * What the keys of the job mean, for options that have the meaning of a key: {@code
 * ${bundle:key.corpus.format}}.
 */
public final class KeyTexts extends ResourceBundle {
  private static final String PREFIX = "key.";

  @Override
  protected @Nullable Object handleGetObject(String name) {
    Key key = name.startsWith(PREFIX) ? Key.all().get(name.substring(PREFIX.length())) : null;
    return key == null ? null : key.summary();
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.enumeration(
        Key.all().keySet().stream()
            .map(PREFIX::concat)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
