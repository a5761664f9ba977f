package org.merganser.cli.job;

import java.util.List;
import org.merganser.job.Key;

/**
 * The help of an option that sets a key of the job: the first sentence of the key's description,
 * the allowed values, and the default.
 */
final class KeySummary {
  private KeySummary() {}

  /** The help of an option that allows all values of the key. */
  static String of(Key key) {
    return of(key, key.values());
  }

  /**
   * The help of an option that allows some values of the key.
   *
   * @param values the allowed values; empty for any
   */
  static String of(Key key, List<String> values) {
    StringBuilder summary = new StringBuilder(firstSentence(key.doc()));
    if (!values.isEmpty()) {
      summary.append(key.isList() ? "; some of " : "; one of ").append(String.join(", ", values));
      summary.append(key.isList() ? ", by commas" : "");
    }
    String argument = key.defaultArgument();
    return argument.isEmpty() ? summary + "." : summary + " (" + argument + ").";
  }

  /** The first of some sentences, without its full stop. */
  private static String firstSentence(String sentences) {
    int end = sentences.indexOf(". ");
    return sentences.substring(0, end < 0 ? sentences.length() - 1 : end);
  }
}
