package org.merganser.text.scan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merganser.checksum.WholeFile;
import org.merganser.json.NamedInFile;

/**
 * The split patterns of the known model families: the name in a job file, the rules of the scanner
 * and of cuts, and the regexes.
 *
 * <p>A pattern consists of the Split components of a family's tokenizer.json (behavior Isolated)
 * or, for {@link #GPT2}, of ByteLevel with {@code use_regex}.
 */
@SuppressWarnings("ImmutableEnumChecker") // a List.of is immutable
public enum SplitPattern implements NamedInFile {
  /** Only a space is joined to the word after it; numbers have any length. */
  GPT2(
      "gpt2",
      SplitPatternRules.builder()
          .contractions(Contractions.EXACT_TOKEN)
          .onlySpacePrefix(true)
          .build()),

  /** Words of any case, and numbers of up to three digits. */
  CL100K(
      "cl100k",
      SplitPatternRules.builder().contractions(Contractions.FOLDED_TOKEN).maxNumber(3).build()),

  /** {@link #CL100K} with every digit alone. */
  QWEN2(
      "qwen2",
      SplitPatternRules.builder().contractions(Contractions.FOLDED_TOKEN).maxNumber(1).build()),

  /** {@link #QWEN2} with marks as letters. */
  QWEN35(
      "qwen3.5",
      SplitPatternRules.builder()
          .contractions(Contractions.FOLDED_TOKEN)
          .maxNumber(1)
          .marksInWords(true)
          .build()),

  /** Words that are cut where upper case follows lower case. */
  O200K(
      "o200k",
      SplitPatternRules.builder()
          .contractions(Contractions.FOLDED_SUFFIX)
          .maxNumber(3)
          .marksInWords(true)
          .caseSplits(true)
          .joinsSlash(true)
          .build()),

  /** {@link #O200K} with every digit alone and without contractions. */
  TEKKEN(
      "tekken",
      SplitPatternRules.builder()
          .maxNumber(1)
          .marksInWords(true)
          .caseSplits(true)
          .joinsSlash(true)
          .build()),

  /** Three Splits: numbers, ideographs, and the rest. */
  DEEPSEEK3(
      "deepseek3",
      SplitPatternRules.DEEPSEEK3,
      "\\p{N}{1,3}",
      "[一-龥぀-ゟ゠-ヿ]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  /** The patterns by their regexes, in the spelling of this class. */
  private static final Map<List<String>, SplitPattern> BY_REGEXES =
      Stream.of(values()).collect(Collectors.toMap(SplitPattern::regexes, Function.identity()));

  /** Spellings in published files, in the order in which they are replaced. */
  private static final List<Spelling> SPELLINGS =
      WholeFile.resource(SplitPattern.class, "spellings.tsv")
          .lines()
          .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
          .map(Spelling::of)
          .toList();

  /** Scanners are built on first use: a class table takes a megabyte. */
  private static final Map<SplitPatternRules, PretokenScanner> SCANNERS = new ConcurrentHashMap<>();

  private final String nameInFile;
  private final SplitPatternRules rules;
  private final List<String> regexes;

  /**
   * @param regexes in sequence; none for the one that follows from the rules
   */
  SplitPattern(String nameInFile, SplitPatternRules rules, String... regexes) {
    this.nameInFile = nameInFile;
    this.rules = rules;
    this.regexes =
        regexes.length == 0 ? List.of(SplitPatternVariants.regex(rules)) : List.of(regexes);
  }

  /**
   * The pattern that cuts text as these regexes do; empty if none is known to.
   *
   * @param regexes of Isolated Splits in sequence, in any known spelling
   */
  public static Optional<SplitPattern> of(List<String> regexes) {
    return Optional.ofNullable(BY_REGEXES.get(plain(regexes)));
  }

  /**
   * The scanner of a known pattern or of a variant of one ({@link SplitPatternVariants}); empty for
   * other regexes.
   *
   * @param regexes as in {@link #of}
   */
  public static Optional<PretokenScanner> scanner(List<String> regexes) {
    return rules(regexes).map(SplitPattern::sharedScanner);
  }

  /** The scanner of HF's Digits with {@code individual_digits}, followed by {@link #GPT2}. */
  public static PretokenScanner digitsThenGpt2() {
    return sharedScanner(SplitPatternRules.DIGITS_GPT2);
  }

  /**
   * Where documents may be cut before these Splits; empty if they have no {@link #scanner(List)}.
   */
  public static Optional<PatternCutRule> cutRule(List<String> regexes) {
    return rules(regexes).map(PatternCutRule::of);
  }

  /** The regexes in the spelling of this class; empty if they have no {@link #scanner(List)}. */
  public static Optional<List<String>> plainRegexes(List<String> regexes) {
    return rules(regexes).map(known -> plain(regexes));
  }

  /** The name in a job file. */
  @Override
  public String nameInFile() {
    return nameInFile;
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

  /** The regexes of the family's Splits (all Isolated), in sequence: one except for DEEPSEEK3. */
  public List<String> regexes() {
    return regexes;
  }

  /** The pattern's scanner, one for all threads. */
  public PretokenScanner scanner() {
    return sharedScanner(rules);
  }

  /** The rules of the pattern's scanner. */
  SplitPatternRules rules() {
    return rules;
  }

  /** The rules of a known pattern or of a variant of one ({@link SplitPatternVariants}). */
  static Optional<SplitPatternRules> rules(List<String> regexes) {
    Optional<SplitPatternRules> known = of(regexes).map(SplitPattern::rules);
    return known.isEmpty() && regexes.size() == 1
        ? SplitPatternVariants.of(plain(regexes.get(0)))
        : known;
  }

  private static PretokenScanner sharedScanner(SplitPatternRules rules) {
    return SCANNERS.computeIfAbsent(rules, PretokenScanner::new);
  }

  /** The regexes in the spelling of this class. */
  private static List<String> plain(List<String> regexes) {
    return regexes.stream().map(SplitPattern::plain).toList();
  }

  /** The regex in the spelling of this class; unchanged if it has no other known spelling. */
  private static String plain(String regex) {
    String plain = regex.replace("\r", "\\r").replace("\n", "\\n");
    for (Spelling spelling : SPELLINGS) {
      plain = plain.replace(spelling.published(), spelling.here());
    }
    // Some end with \s, which is tried on a single white space only and so matches what \s+ does.
    boolean endsWithOne = plain.endsWith("|\\s+(?!\\S)|\\s");
    return endsWithOne ? plain + "+" : plain;
  }

  /**
   * Two spellings of a part of a regex that cut every text alike.
   *
   * @param published in a published file
   * @param here in this class
   */
  private record Spelling(String published, String here) {
    /** Reads a line of spellings.tsv: two columns with a tab between them. */
    static Spelling of(String line) {
      String[] columns = line.split("\t", 2);
      return new Spelling(columns[0], columns[1]);
    }
  }
}
