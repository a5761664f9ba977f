package org.merganser.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A split of a data set, with its words: those of Hugging Face's data sets, and held-out ones. */
public enum Split {
  TRAIN("train", "training"),
  VALIDATION("validation", "valid", "val", "dev", "development", "holdout", "heldout"),
  TEST("test", "testing", "eval", "evaluation", "devtest");

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<String> words;

  Split(String... words) {
    this.words = List.of(words);
  }

  public List<String> words() {
    return words;
  }

  /**
   * The split that a text is the word of, whatever its case; {@code held_out}, {@code hold-out} and
   * {@code dev test} are words too. Null for any other text.
   */
  public static @Nullable Split of(String text) {
    String word = text.toLowerCase(Locale.ROOT).replaceAll("(?<=[a-z])[-_ ](?=[a-z])", "");
    return Arrays.stream(values())
        .filter(split -> split.words.contains(word))
        .findFirst()
        .orElse(null);
  }

  /** All words, for messages. */
  public static String allWords() {
    return Arrays.stream(values())
        .map(split -> String.join(", ", split.words))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
