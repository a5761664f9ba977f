package org.merganser.text.scan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The split patterns of the known model families, each with its hand-written scanner.
 *
 * <p>A pattern is given by the Split components of a family's tokenizer.json (behaviour Isolated)
 * or, for {@link #GPT2}, in ByteLevel with {@code use_regex}.
 */
@SuppressWarnings("ImmutableEnumChecker") // a List.of is immutable
public enum SplitPattern {
  /** GPT-2, and every ByteLevel with {@code use_regex}. */
  GPT2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),

  /** GPT-3.5, GPT-4 and Llama 3. */
  CL100K(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

  /** Qwen 2, 2.5 and 3: {@link #CL100K} with every digit alone. */
  QWEN2(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

  /** Qwen 3.5: {@link #QWEN2} with marks as letters. */
  QWEN35(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

  /** GPT-4o, gpt-oss and Llama 4. */
  O200K(
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

  /** Tekken (Mistral Nemo): {@link #O200K} without contractions and with every digit alone. */
  TEKKEN(
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
          + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

  /** DeepSeek V3 and R1: three Splits, each inside the pieces of the one before. */
  DEEPSEEK3(
      "\\p{N}{1,3}",
      "[一-龥぀-ゟ゠-ヿ]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private static final Map<List<String>, SplitPattern> BY_REGEXES =
      Stream.of(values()).collect(Collectors.toMap(SplitPattern::regexes, Function.identity()));

  /** A scanner is made when it is first needed: its class table takes a megabyte. */
  private static final Map<SplitPatternRules, PretokenScanner> SCANNERS = new ConcurrentHashMap<>();

  private final List<String> regexes;

  SplitPattern(String... regexes) {
    this.regexes = List.of(regexes);
  }

  /**
   * The pattern as in a family's tokenizer.json, after JSON decoding.
   *
   * @throws IllegalStateException for a pattern of several Splits
   */
  public String regex() {
    if (regexes.size() != 1) {
      throw new IllegalStateException(
          name() + " is " + regexes.size() + " Splits in sequence: ask for regexes()");
    }
    return regexes.get(0);
  }

  /** The regexes of the family's Splits (all Isolated), in sequence: one but for DEEPSEEK3. */
  public List<String> regexes() {
    return regexes;
  }

  /** The pattern's scanner, one for all threads. */
  public PretokenScanner scanner() {
    return scanner(regexes).orElseThrow();
  }

  /**
   * The scanner of Isolated Splits with these regexes in sequence, where they are a known pattern
   * or one with small differences ({@link SplitPatternVariants}).
   */
  public static Optional<PretokenScanner> scanner(List<String> regexes) {
    return rules(regexes).map(SplitPattern::scanner);
  }

  /**
   * Where documents may be cut in front of Isolated Splits with these regexes in sequence, where
   * they have a {@link #scanner(List)}.
   */
  public static Optional<PatternCutRule> cutRule(List<String> regexes) {
    return rules(regexes).map(PatternCutRule::of);
  }

  /** Regexes in the spelling of this class, where they have a {@link #scanner(List)}. */
  public static Optional<List<String>> plainRegexes(List<String> regexes) {
    return rules(regexes).map(known -> plain(regexes));
  }

  static Optional<SplitPatternRules> rules(List<String> regexes) {
    List<String> plain = plain(regexes);
    if (plain.size() == 1) {
      return SplitPatternVariants.of(plain.get(0));
    }
    return plain.equals(DEEPSEEK3.regexes)
        ? Optional.of(SplitPatternRules.DEEPSEEK3)
        : Optional.empty();
  }

  /** The scanner that isolates every single number and then cuts as {@link #GPT2}. */
  public static PretokenScanner digitsThenGpt2() {
    return scanner(SplitPatternRules.DIGITS_GPT2);
  }

  /** The pattern that cuts every text as the one regex does, in one of its known spellings. */
  public static Optional<SplitPattern> of(String regex) {
    return of(List.of(regex));
  }

  /** The pattern that cuts every text as Isolated Splits with these regexes in sequence do. */
  public static Optional<SplitPattern> of(List<String> regexes) {
    return Optional.ofNullable(BY_REGEXES.get(plain(regexes)));
  }

  private static List<String> plain(List<String> regexes) {
    return regexes.stream().map(SplitPatternSpellings::plain).toList();
  }

  private static PretokenScanner scanner(SplitPatternRules rules) {
    return SCANNERS.computeIfAbsent(rules, PatternScanner::new);
  }
}
