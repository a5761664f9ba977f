package org.merganser.corpus;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A split of a data set, with its words: those of Hugging Face's data sets, held-out ones, and
 * those of CoNLL.
 */
public enum DatasetSplit {
  TRAIN("train", "training"),
  VALIDATION("validation", "valid", "val", "dev", "development", "hold-out", "held-out", "testa"),
  TEST("test", "testing", "eval", "evaluation", "dev-test", "testb");

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<String> words;

  DatasetSplit(String... words) {
    this.words = List.of(words);
  }

  /** The words of all splits as they occur in names, where a hyphen may be missing. */
  public static Pattern inNames() {
    return Pattern.compile(
        Arrays.stream(values())
            .flatMap(split -> split.words.stream())
            .sorted(Comparator.comparingInt(String::length).reversed()) // devtest before dev
            .map(DatasetSplit::inNames)
            .collect(Collectors.joining("|", "(?i)(?<![a-z])(", ")(?![a-z])")));
  }

  /**
   * The split that a text is the word of, whatever its case; a hyphen may be missing, or be a space
   * or an underscore. Null for any other text.
   */
  public static @Nullable DatasetSplit of(String text) {
    String plain = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(split -> split.words.stream().anyMatch(word -> plain.matches(inNames(word))))
        .findFirst()
        .orElse(null);
  }

  private static String inNames(String word) {
    return word.replace("-", "[-_ ]?");
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
