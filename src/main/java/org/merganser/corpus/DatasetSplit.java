package org.merganser.corpus;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A split of a data set, with the words that name it: those of Hugging Face's data sets ({@code
 * train}, {@code dev}), {@code held-out} and {@code hold-out}, and those of CoNLL ({@code testa}).
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

  /**
   * Finds the words of all splits in names, in upper or lower case and not within longer words.
   * Group 1 is the word as the name spells it, for {@link #of}.
   */
  public static Pattern wordPattern() {
    return Pattern.compile(
        Arrays.stream(values())
            .flatMap(split -> split.words.stream())
            .sorted(Comparator.comparingInt(String::length).reversed()) // dev-test before dev
            .map(DatasetSplit::spellings)
            .collect(Collectors.joining("|", "(?i)(?<![a-z])(", ")(?![a-z])")));
  }

  /**
   * The split of a word, in upper or lower case; a hyphen in it may be missing, or be a space or an
   * underscore. Null for any text that is not the word of a split.
   */
  public static @Nullable DatasetSplit of(String text) {
    String plain = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(split -> split.words.stream().anyMatch(word -> plain.matches(spellings(word))))
        .findFirst()
        .orElse(null);
  }

  /** The words of each split, for messages. */
  public static String allWords() {
    return Arrays.stream(values())
        .map(split -> String.join(", ", split.words))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A regular expression of the spellings of a word: a hyphen, an underscore, a space or nothing.
   */
  private static String spellings(String word) {
    return word.replace("-", "[-_ ]?");
  }
}
