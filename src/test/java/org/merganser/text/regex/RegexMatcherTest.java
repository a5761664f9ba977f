package org.merganser.text.regex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyTexts;
import org.merganser.text.RegexTexts;
import org.merganser.text.pretokenize.DelimiterPreTokenizer;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerFactory;
import org.merganser.text.pretokenize.PreTokenizerOracleTest;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.Split;
import org.merganser.text.pretokenize.Pretokens;
import org.merganser.text.pretokenize.ScannerPreTokenizer;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

/** The general regex path against HF Rust (Oniguruma), and what it refuses. */
final class RegexMatcherTest {
  /** Messages of the refusals that docs/exactness.md lists; HF takes what they are about. */
  private static final String REFUSED_ALONE =
      "(?s).*: (a call of a group|a back-reference with a level|the group \\(\\?[~(CILy{]|a callout"
          + "|a back-reference in a look-behind|a group in a look-behind, with a back-reference"
          + "|a group in a loop whose turn may be empty, with a back-reference"
          + "|\\\\K in a look|an interval of what can match nothing|a quantifier behind \\{1\\}"
          + "|looking around inside of a look-behind|a look-behind over more than 255"
          + "|[^:]*, not one number in braces,|[^:]*, bytes that are not UTF-8,|the property \"InCB\").*";

  /** Patterns of published tokenizers and one for each supported construct. */
  static Stream<String> patterns() {
    return Stream.of(
        "[0-9][0-9][0-9]",
        "\\d",
        "\\p{N}{1,3}",
        "(?=(\\d{3})+(?!\\d))",
        "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|"
            + "\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[\\p{Han}]+|[\\p{Hiragana}\\p{Katakana}ー]+|\\s+|\\S+?",
        "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{Lm}&&[^\\p{Han}]]+",
        "[\\p{Han}&&\\p{L}]+|[^\\p{Han}]+",
        "",
        "a*",
        "x*?",
        " ?",
        "\\b",
        "\\B",
        "^",
        "$",
        "\\A.",
        ".\\z",
        ".\\Z",
        "\\n?\\Z",
        "^.*$",
        "(?m:.+)",
        ".+?",
        "(?m)a.b|\\n.",
        "\\R",
        "\\N+",
        "\\O{3}",
        "\\h+",
        "\\H+",
        "\\w+",
        "\\W+",
        "[\\w\\d]+",
        "\\D{2,4}",
        "a{2}",
        "a{,2}",
        "a{2,}",
        "a{2,3}?",
        "a{2}?",
        "(?:ab?){1,2}+",
        "[a-z]{2,3}+x",
        "a{,}",
        "a{x",
        "{",
        "]",
        "}",
        "\\{\\}\\[\\]\\(\\)\\.\\*\\+\\?\\|\\^\\$\\\\\\/\\-\\ \\'",
        "\\x41|\\x{4E2D}|\\u3042|\\x{1F332}|\\x7f",
        "\\t|\\n|\\r|\\f|\\v|\\a|\\e",
        "[\\t\\n\\x20-\\x2f\\u3000\\x{1F300}-\\x{1F5FF}\\b]+",
        "[a\\-z]+|[-a]+|[a-]+|[0-9-a]",
        "[]a]+",
        "[^]a]+",
        "[a[^b]&&c]",
        "[^a-z&&[^aeiou]]+",
        "[a-z&&[^aeiou]&&[^x-z]]+",
        "[[:alpha:]]+|[[:^space:][:digit:]]",
        "[[:alnum:]]+|[[:punct:]]+|[[:cntrl:]]",
        "[[:upper:]][[:lower:]]+",
        "[[:blank:]]+|[[:xdigit:]]+",
        "[[:graph:]]+",
        "[[:print:]]+",
        "[[:word:]]+",
        "[[:ascii:]]+",
        "\\p{Greek}|\\p{Cyrillic}|\\p{Thai}+|\\p{Hangul}+|\\p{Arabic}+|\\p{Devanagari}+",
        "\\p{^L}+",
        "\\P{L}+",
        "\\P{^L}+",
        "\\p{Letter}+|\\p{uppercase_letter}|\\p{Decimal Number}+|\\p{Sc}",
        "\\p{Alphabetic}+|\\p{Uppercase}|\\p{White_Space}",
        "\\p{Common}+",
        "\\p{Cn}+|\\p{Co}+|\\p{Cf}|\\p{Cc}",
        "(?i)hello|WORLD|k|\\u0131?x",
        "(?i:[a-k]+|[^s]s)",
        "(?i:\\p{Lu})+|(?i:\\w)",
        "x(?i)a|b",
        "(?i:a(?-i:b)c)",
        "(?i:é|ǆ|ж|ω)",
        "(a|b)+",
        "(?<name>a|bc)",
        "(?:a|ab)(?:c|bcd)?",
        "(?>a|ab)c?",
        "(?>\\p{L}+)\\d|\\p{L}",
        "(?:a*)*b|(?:a|b*)+",
        "(?:a?)+b|(?:|a)+",
        "(?:a|aa)+?b|a",
        "(?:[ab]c?)*+",
        "(?:\\s|\\p{P})+(?=\\p{L})",
        "(?<=a)b|(?<!a)b+",
        "(?<=\\s|^)\\S+",
        "(?<=\\p{L}{2})\\d|(?<=ab|c)d",
        "(?<=\\n)|(?=\\n)",
        "(?<![A-Z])(?=[A-Z])",
        "(?<=[a-z])(?=[A-Z])",
        "(?!a)\\w",
        "(?=\\p{L})\\p{L}{1,2}",
        "(?!)|a",
        "|a",
        "a||b",
        "()",
        "\\.{3}|…|--+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]+",
        "[一-龥぀-ゟ゠-ヿ]+",
        "<\\|[a-z_]+\\|>",
        "https?://\\S+",
        "\\s+(?!\\S)|\\s+",
        "(?:\\r\\n|\\r|\\n)+ *",
        " *\\n(?! )| +",
        // Apertus: a character that stands eight times
        "(?<g>\\S)\\k<g>{7}|\\p{L}+|.",
        "(a)\\1|(b)\\2{2}",
        "(.)\\1+",
        "(\\w+?)\\1",
        "(?<n>a)|\\k<n>b|(?<n>b)\\k<n>",
        "(?'q'[ab])(?'q'c)?\\k'q'",
        "(a|b)(?:\\k<-1>|c)",
        "(?:(a)|b)+\\1",
        "(?=(\\w\\w))\\1?a",
        "(?>(a|b)\\1*)b",
        "(?!(a)\\1b)a+",
        "(?i)(\\p{L}+)\\1",
        "(?i:(k|K)\\1)|(?i)(é)\\2",
        "\\2?(a)(b)\\1\\2",
        "\\07|\\101+|[\\0\\12\\x20-\\57\\8]|\\141(a)\\1",
        "(a\\1?)b",
        "(?<x>a|b)(?<y>a|b)(?:\\k<x>|\\k<y>{2})",
        "(?:(a)?b)+\\1",
        "\\X",
        "\\X{2}|\\y",
        "\\y\\w+\\y|.\\Y",
        "(?<=\\y)\\p{M}|\\Y.",
        "\\Ga",
        "\\G(?:a|b)|x",
        "(?<=\\G|x)a",
        "a\\K",
        "a\\Kb*|\\Kx",
        "(?:a\\K|b)+",
        "a(?>b\\K|c)\\w?",
        "(?x) a # first\n b* (?#or) | \\  c",
        "(?x: a b ) c |(?#)d(?#x\\)y)+",
        "a**|b+?*|c??+",
        "(?:a+){2,5}b|(?:x*){,3}",
        "a{2}{3}|b{2,3}+*",
        "a{3,1}a|b{2,1}?",
        "(?:a+?)??b|(?:a*)+?x",
        "a?*+b|a+?+?b|a{1}*b",
        "(?i:ß|ﬃ)|(?i)ss|st",
        "(?i)[ßﬁ]+|[^ﬀ]",
        "(?i:(?:s)s|f(?:fi)x?)",
        "(?i)(?<=ss|ß|k)a",
        "(?i:ﬆ+|s{2}|ffi|ΐ)",
        // Letters without a meaning stand for themselves, \\pL too.
        "\\pL|\\q|\\P|\\k|\\g|\\o|[\\R\\k\\i]",
        "\\cA|\\C-b|\\M-i|\\M-\\C-a|\\c?|\\c\\n|[\\ca-\\cz]",
        "\\o{141}+|[\\o{142}-\\o{144}]|\\o{}",
        "\\xE4\\xB8\\xAD+|\\303\\251|[\\xC3\\xA0-\\xC3\\xAF]|\\303\\x9F",
        "a\\x",
        "x\\xg|[\\x]",
        "\\x{}|\\x{g}x",
        "[\\ud800-\\udfff]|[^\\x{d800}-\\x{110000}a]+",
        "\\ud800|\\x{110000}|(?i:\\x{dfff})|[\\x{10FFFE}-\\x{7fffffff}]|b",
        "[[:a]]+|[[:1:]x]|[[:]]",
        "(?W)\\w+|\\W",
        "(?W)[\\w]+|[\\W]|\\bx",
        "(?W:\\b.\\b)|\\B.|\\p{Word}",
        "(?D)\\d|(?D:[^\\d])",
        "(?S)\\s+|(?-S:\\S+)",
        "(?P)\\p{Alpha}+|[[:^upper:]]|\\p{Punct}",
        "(?iP)[[:lower:]]+|[\\p{XDigit}ß]|\\p{^PosixPunct}",
        "(?iW)[\\w]+",
        "(?WDS-D:\\w\\d)|(?y{g}i)\\X",
        "[[:punct:]]+|\\p{Punct}|\\p{PosixPunct}",
        "\\p{Emoji}+|\\p{Any}");
  }

  static Stream<Arguments> splits() {
    List<Behavior> behaviors = List.of(Behavior.values());
    return patterns()
        .flatMap(
            regex ->
                Stream.of(
                    Arguments.of(regex, behaviors.get(Math.floorMod(regex.hashCode(), 5)), false),
                    Arguments.of(regex, Behavior.ISOLATED, false),
                    Arguments.of(regex, Behavior.REMOVED, true),
                    Arguments.of(
                        regex, behaviors.get(Math.floorMod(regex.hashCode() / 5, 5)), true)));
  }

  @ParameterizedTest
  @MethodSource("splits")
  void splitsAsHfDoes(String regex, Behavior behavior, boolean invert) {
    long seed = Seeds.next();
    NastyTexts texts = new NastyTexts(new Random(seed));
    Split spec = new Split(new TextPattern.Regex(regex), behavior, invert);
    PreTokenizer ours = PreTokenizerFactory.split(spec);
    try (HfOracle hf = HfOracle.components(PreTokenizerOracleTest.json(spec))) {
      for (int i = 0; i < 60; i++) {
        String text = i % 3 == 0 ? letters(seed + i, 30) : texts.next(i < 20 ? 4 : 30);
        assertThat(Pretokens.latin1(ours, text))
            .as("seed %d, text %d, %s on %s", seed, i, spec, NormalizationTexts.hex(text))
            .isEqualTo(hf.pretokens(text));
      }
    }
  }

  /** Text over few characters, in which small patterns match often and in many ways. */
  private static String letters(long seed, int most) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append("aaabbcdxXA 1\n中éssßﬁ\u0301".charAt(random.nextInt(20)));
    }
    return text.toString();
  }

  /** Every known pattern through the general path cuts as its scanner does. */
  @ParameterizedTest
  @MethodSource("knownRegexes")
  void equalsTheHandWrittenScanner(SplitPattern pattern) {
    long seed = Seeds.next();
    NastyTexts texts = new NastyTexts(new Random(seed));
    PreTokenizer general = split(pattern.regex());
    PreTokenizer scanner = new ScannerPreTokenizer(pattern.scanner());
    for (int i = 0; i < 500; i++) {
      String text = texts.next(40);
      assertThat(Pretokens.latin1(general, text))
          .as("seed %d, text %d: %s", seed, i, NormalizationTexts.hex(text))
          .isEqualTo(Pretokens.latin1(scanner, text));
    }
  }

  static Stream<SplitPattern> knownRegexes() {
    return Stream.of(SplitPattern.values()).filter(p -> p.regexes().size() == 1);
  }

  /** Random patterns from the supported constructs, on texts in which they match often. */
  @Test
  void randomPatternsMatchAsInHf() {
    comparePatterns(Seeds.cases(250));
  }

  @Test
  @Tag("soak")
  void manyRandomPatternsMatchAsInHf() {
    comparePatterns(20_000);
  }

  /** Random patterns with what no automaton expresses too: back-references and the rest. */
  @Test
  void randomPatternsOfAllConstructsMatchAsInHf() {
    compareAllConstructs(Seeds.cases(400));
  }

  @Test
  @Tag("soak")
  void manyRandomPatternsOfAllConstructsMatchAsInHf() {
    compareAllConstructs(20_000);
  }

  private static void comparePatterns(int count) {
    long seed = Seeds.next();
    RegexTexts regexes = new RegexTexts(new Random(seed));
    comparePatterns(count, seed, regexes::next);
  }

  private static void compareAllConstructs(int count) {
    long seed = Seeds.next();
    RegexTexts regexes = new RegexTexts(new Random(seed));
    comparePatterns(count, seed, regexes::nextOfAll);
  }

  private static void comparePatterns(int count, long seed, Supplier<String> regexes) {
    int equal = 0;
    int refusedByBoth = 0;
    int refused = 0;
    for (int i = 0; i < count; i++) {
      String regex = regexes.get();
      String description = "seed " + seed + ", pattern " + i;
      try {
        RegexParser.parse(regex);
        comparePattern(regex, seed + 31L * i, description);
        equal++;
      } catch (RegexLimitException e) {
        // HF might end the JVM here: its engine's own limit is a panic.
        assertThat(e).hasMessageContaining("took more than 2000 steps back in one attempt");
      } catch (IllegalArgumentException refusal) {
        if (isTakenByHf(regex)) {
          refused++;
          assertThat(refusal).as("%s: HF takes it", description).hasMessageMatching(REFUSED_ALONE);
        } else {
          refusedByBoth++;
        }
      }
    }
    System.out.printf(
        "%d patterns: %d equal, %d refused by both, %d by us alone%n",
        count, equal, refusedByBoth, refused);
    assertThat(equal).as("patterns that both take").isGreaterThan(count * 8 / 10);
  }

  private static boolean isTakenByHf(String regex) {
    try (HfOracle hf = HfOracle.components(PreTokenizerOracleTest.json(isolated(regex)))) {
      return true;
    } catch (RuntimeException refused) {
      return false;
    }
  }

  private static Split isolated(String regex) {
    return new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false);
  }

  /** What HF takes has to be taken, but for the list in docs/exactness.md. */
  private static void comparePattern(String regex, long seed, String description) {
    PreTokenizer ours = PreTokenizerFactory.split(isolated(regex));
    RegexProgram program = RegexProgram.compile(regex, RegexParser.parse(regex));
    PreTokenizer backtracking =
        new DelimiterPreTokenizer(
            new BacktrackingMatcher(program, 2_000, 100_000), Behavior.ISOLATED, false);
    try (HfOracle hf = HfOracle.components(PreTokenizerOracleTest.json(isolated(regex)))) {
      for (int j = 0; j < 10; j++) {
        String text = letters(seed + j, 12);
        List<String> slow = Pretokens.latin1(backtracking, text);
        List<String> expected = hf.pretokens(text);
        assertThat(slow)
            .as("%s: %s backtracking on \"%s\"", description, regex, text)
            .isEqualTo(expected);
        assertThat(Pretokens.latin1(ours, text))
            .as("%s: %s on \"%s\"", description, regex, text)
            .isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\W",
        "[\\w]",
        "[\\W]",
        "(?W)\\w",
        "(?W)[^\\w]",
        "(?D)\\D",
        "(?S)\\s",
        "(?iP)[[:alpha:]]",
        "\\p{Punct}",
        "\\p{Word}",
        "\\P{Word}",
        "[\\p{Word}]",
        "\\p{^Alnum}",
        "\\h",
        "[[:word:]]",
        "\\p{L}",
        "\\p{Lu}",
        "\\p{Lt}",
        "\\p{Ll}",
        "\\p{Lm}",
        "\\p{Lo}",
        "\\p{M}",
        "\\p{Mn}",
        "\\p{N}",
        "\\p{Nd}",
        "\\p{P}",
        "\\p{S}",
        "\\p{Z}",
        "\\p{C}",
        "\\p{Cn}",
        "\\s",
        "\\d",
        "\\w",
        "[[:alpha:]]",
        "[[:alnum:]]",
        "[[:punct:]]",
        "[[:graph:]]",
        "[[:print:]]",
        "[[:lower:]]",
        "[[:upper:]]",
        "[[:cntrl:]]",
        "[[:blank:]]",
        "\\p{Han}",
        "\\p{Latin}",
        "\\p{Common}",
        "\\p{Inherited}",
        "\\p{Hiragana}",
        "\\p{Katakana}",
        "\\p{Garay}",
        "(?i:[a-z])",
        "(?i:k)",
        "(?i:[^\\p{Greek}])"
      })
  void classesHoldTheScalarValuesThatHfHas(String regex) {
    compareClass(regex, false);
  }

  /** Clusters around each scalar value, beside one character of each kind. */
  @ParameterizedTest
  @MethodSource("clusterNeighbours")
  void clustersAreThoseOfHf(String before, String after) {
    compareClusters(before, after, false);
  }

  @ParameterizedTest
  @MethodSource("clusterNeighbours")
  @Tag("soak")
  void clustersOfEveryScalarValueAreThoseOfHf(String before, String after) {
    compareClusters(before, after, true);
  }

  static Stream<Arguments> clusterNeighbours() {
    return Stream.of(
        Arguments.of("a", "b"),
        Arguments.of("\u0301", "\u0600"),
        Arguments.of("👩\u0301\u200D", "\u200D👩"),
        Arguments.of("🇦🇧🇨", "🇩🇪"),
        Arguments.of("\u1100", "\u1161"),
        Arguments.of("\uAC00", "\u11A8"),
        Arguments.of("\u0915\u094D", "\u0915"),
        Arguments.of("\r", "\n"));
  }

  private static void compareClusters(String before, String after, boolean all) {
    Split spec = new Split(new TextPattern.Regex("\\X"), Behavior.ISOLATED, false);
    PreTokenizer ours = PreTokenizerFactory.split(spec);
    try (HfOracle hf = HfOracle.components(PreTokenizerOracleTest.json(spec))) {
      Scalars.texts(
          all,
          before,
          after,
          c -> true,
          text ->
              assertThat(Pretokens.of(ours, text))
                  .as("from U+%04X", text.isEmpty() ? 0 : text.codePointAt(before.length()))
                  .isEqualTo(hf.pretokens(text).stream().map(RegexMatcherTest::utf8).toList()));
    }
  }

  /** A search back to the beginning of the run for each flag would take minutes. */
  @Test
  void manyFlagsAreQuick() {
    assertThat(Pretokens.latin1(split("\\X"), "🇩🇪".repeat(300_000))).hasSize(300_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\p{L}", "\\p{M}", "\\p{N}", "\\p{P}", "\\p{S}", "\\w", "\\p{Cn}"})
  @Tag("soak")
  void classesHoldEveryScalarValueThatHfHas(String regex) {
    compareClass(regex, true);
  }

  private static void compareClass(String regex, boolean all) {
    Split spec = new Split(new TextPattern.Regex(regex), Behavior.REMOVED, true);
    PreTokenizer ours = PreTokenizerFactory.split(spec);
    try (HfOracle hf = HfOracle.components(PreTokenizerOracleTest.json(spec))) {
      Scalars.texts(
          all,
          "",
          "",
          c -> true,
          text ->
              assertThat(Pretokens.of(ours, text))
                  .as("%s from U+%04X", regex, text.isEmpty() ? 0 : text.codePointAt(0))
                  .isEqualTo(hf.pretokens(text).stream().map(RegexMatcherTest::utf8).toList()));
    }
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(ISO_8859_1), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "(a)\\2 ! a back-reference to no group at character 3",
        "\\200(a) ! \\200, bytes that are not UTF-8, at character 0",
        "\\777(a) ! \\777, no byte, at character 0",
        "\\xE4\\xBD\\x{A0} ! \\xE4\\xBD\\x, bytes that are not UTF-8, at character 0",
        "[\\xE4\\275\\xA0] ! bytes that are not UTF-8, at character 1",
        "\\x{41 42} ! \\x{41, not one number in braces, at character 0",
        "\\x{200000} ! a character beyond 1FFFFF at character 0",
        "[\\x{200000}] ! a character beyond 1FFFFF at character 1",
        "\\o{8} ! \\o{, not one number in braces, at character 0",
        "\\u12 ! \\u without four hexadecimal digits at character 0",
        "\\c ! an escape without its end at character 0",
        "\\Cx ! \\C without a hyphen at character 0",
        "(?<n>a)\\g<n> ! a call of a group at character 7",
        "(?y{w})\\X ! the group (?y at character 0",
        "(?-y{g})a ! the group (?-y at character 0",
        "(?C:a) ! the group (?C at character 0",
        "\\k<n> ! a back-reference to no group that begins before it at character 0",
        "\\k<-1> ! a back-reference to no group at character 0",
        "(?<n>a)(b)\\1 ! a back-reference by number beside groups with names at character 10",
        "(?<n>a)\\k<n+1> ! a back-reference to no group that begins before it at character 7",
        "(a)\\k<1+1> ! a back-reference with a level at character 3",
        "(?<1>a) ! a group with such a name at character 0",
        "(a)(?<=\\1) ! a back-reference in a look-behind at character 7",
        "(?<=(a))\\1 ! a group in a look-behind, with a back-reference to it, at character 4",
        "(?:(a)?b?)*\\1 ! a group in a loop whose turn may be empty, with a back-reference to it,",
        "(?=a\\K) ! \\K in a look ahead or behind at character 4",
        "(?:ab){1}* ! a quantifier behind {1} of several (from 0) at character 6",
        "(?~ab) ! the group (?~ at character 0",
        "(?s:.) ! the group (?s at character 0",
        "a(?#note ! a comment without its closing parenthesis at character 1",
        "(?(1)a|b) ! the group (?( at character 0",
        "(*FAIL) ! a callout at character 0",
        "a{100001} ! an interval beyond 100000 at character 1",
        "*a ! a quantifier with nothing before it at character 0",
        "a|{2} ! a quantifier with nothing before it at character 2",
        "\\K* ! a quantifier of what it stands behind (from 0) at character 2",
        "(?:a?){2} ! an interval of what can match nothing (from 0) at character 6",
        "(?:a|^)+ ! a quantifier of what it stands behind (from 0) at character 7",
        "(?=a)+ ! a quantifier of what it stands behind",
        "^* ! a quantifier of what it stands behind",
        "(a ! a group without its closing parenthesis at character 0",
        "a) ! a closing parenthesis of no group at character 1",
        "[a ! a class without its closing bracket at character 0",
        "[] ! an empty class at character 0",
        "[\\w-z] ! a range that begins with a class at character 3",
        "[a-\\w] ! a range that ends with a class at character 3",
        "[z-a] ! a range whose end comes before its beginning",
        "[[:foo:]] ! an unknown POSIX bracket at character 1",
        "\\p{Script=Han} ! the property \"Script=Han\" at character 0",
        "\\p{InCB} ! the property \"InCB\" at character 0",
        "\\xe9 ! \\xe9, bytes that are not UTF-8, at character 0",
        "(?<=a+)b ! a look-behind over more than 255 characters at character 0",
        "(?<=a(?=b)) ! looking around inside of a look-behind at character 5"
      })
  void refusesByNameAndPlace(String regex, String what) {
    assertThatThrownBy(() -> RegexParser.parse(regex.strip()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("regex \"" + regex.strip() + "\": ")
        .hasMessageContaining(what.strip())
        .hasMessageEndingWith(
            "is not supported, since its matches would not surely be those of HF's engine");
  }

  @Test
  void refusesABackslashAtTheEnd() {
    assertThatThrownBy(() -> RegexParser.parse("ab\\"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a backslash with nothing behind it at character 2");
  }

  @Test
  void refusesIntervalsThatMultiply() {
    assertThatThrownBy(() -> CompiledRegex.of("(?:(?:(?:ab){100}){100}){100}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("intervals in intervals make it too large");
  }

  @Test
  void aLongTextNeedsNoJavaStack() {
    String text = "ab".repeat(2_000_000);
    assertThat(Pretokens.latin1(split("(?:a|b|ab)+"), text)).containsExactly(text);
    assertThat(Pretokens.latin1(split("(?:a?b?)*"), text)).containsExactly(text);
    assertThat(Pretokens.latin1(split("\\s+(?!\\S)|\\s+"), " ".repeat(1_000_000) + "a")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\s+(?=\\nx)", "\\s++\\Z", "\\s*?(?>ab)", "(?:\\s{3,}(?!ab)\\n)+"})
  void triesARunAtTheBeginningOnce(String regex) {
    BacktrackingMatcher matcher =
        new BacktrackingMatcher(RegexProgram.compile(regex, RegexParser.parse(regex)));
    byte[] text = (" ".repeat(10_000) + "a" + " ".repeat(10_000) + "b").getBytes(UTF_8);
    matcher.reset(text, 0, text.length);
    assertThat(matcher.find()).isFalse();
    assertThat(matcher.attempts()).isLessThan(10);
  }

  @Test
  void givesUpOnCatastrophicBacktrackingWithAnError() {
    String regex = "(?>(?:a|a)+$)";
    PreTokenizer split =
        new DelimiterPreTokenizer(
            new BacktrackingMatcher(
                RegexProgram.compile(regex, RegexParser.parse(regex)), 1_000_000, 10_000_000),
            Behavior.ISOLATED,
            false);
    assertThatThrownBy(() -> Pretokens.latin1(split, "a".repeat(60) + "b"))
        .isInstanceOf(RegexLimitException.class)
        .hasMessageContaining(
            "regex \"(?>(?:a|a)+$)\" took more than 1000000 steps back in one attempt")
        .hasMessageContaining("a text of 61 bytes");
  }

  /** Each attempt is within its bound, and all of them together are not. */
  @ParameterizedTest
  @ValueSource(strings = {"(a*)\\1b", "a?(?>a*)b", "a?[a-c]*(?>xy)"})
  void givesUpOnTooManyAttemptsWithAnError(String regex) {
    BacktrackingMatcher matcher =
        new BacktrackingMatcher(
            RegexProgram.compile(regex, RegexParser.parse(regex)), 10_000_000, 1_000_000);
    byte[] text = "a".repeat(20_000).getBytes(UTF_8);
    assertThatThrownBy(
            () -> {
              matcher.reset(text, 0, text.length);
              while (matcher.find()) {
                continue;
              }
            })
        .isInstanceOf(RegexLimitException.class)
        .hasMessageContaining("took more than 21000000 steps over a text of 20000 bytes");
  }

  private static PreTokenizer split(String regex) {
    return PreTokenizerFactory.split(
        new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false));
  }
}
