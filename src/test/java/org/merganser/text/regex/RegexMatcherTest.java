package org.merganser.text.regex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.TestResources;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.RegexTexts;
import org.merganser.text.pretokenize.DelimiterPreTokenizer;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerFactory;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.Split;
import org.merganser.text.pretokenize.Pretokens;
import org.merganser.text.pretokenize.ScannerPreTokenizer;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexParser;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

/** The general regex path against HF Rust (Oniguruma), and what it refuses. */
final class RegexMatcherTest {
  /** Messages of the refusals that docs/exactness.md lists; HF takes what they are about. */
  private static final String REFUSED_ALONE =
      "(?s).*: (the escape \\\\[\\w'<]|the group \\(\\?[~(CILyxWDSP'#{]|a callout|a repeat of a"
          + " part that can match nothing|a quantifier of a look|a quantifier after \\{1\\}|a"
          + " lookaround inside a lookbehind|a lookbehind over more than 255|an interval that"
          + " counts down|an empty class|the property \"InCB\").*";

  /** Patterns of published tokenizers and one for each supported construct. */
  static List<String> patterns() {
    return TestResources.list("text/regex/patterns.json");
  }

  static Stream<Arguments> splits() {
    List<Behavior> behaviors = List.of(Behavior.values());
    return patterns().stream()
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
    Random texts = new Random(seed);
    Split spec = new Split(new TextPattern.Regex(regex), behavior, invert);
    PreTokenizer ours = PreTokenizerFactory.split(spec);
    try (HfOracle hf = HfOracle.of(spec)) {
      for (int i = 0; i < 60; i++) {
        String text =
            i % 3 == 0 ? letters(seed + i, 30) : NastyText.forComponents(texts, i < 20 ? 4 : 30);
        assertThat(Pretokens.latin1(ours, text))
            .as("seed %d, text %d, %s on %s", seed, i, spec, NormalizationTexts.hex(text))
            .isEqualTo(hf.pretokens(text));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(ab)\\1",
        "(a)b\\1",
        "([^a])\\1",
        "(?i)(a)\\1",
        "(a)\\10",
        "(a)*\\1",
        "((a)b)\\1",
        "(?<=(a)\\1)b",
        "(a)\\2",
        "([a&&b])\\1",
        "(?<n>a)(b)\\1",
        "(b)\\1(?<n>a)"
      })
  void otherReferencesToGroupsAreRefused(String regex) {
    assertThatThrownBy(() -> RegexParser.parse(regex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not supported");
  }

  /** The digit of a reference is between 1 and 9: the character after '9' is a colon. */
  @Test
  void anEscapedColonAfterTheTenthGroupIsAColon() {
    assertThat(RegexParser.parse("(b)".repeat(9) + "(a)\\:"))
        .isEqualTo(RegexParser.parse("b".repeat(9) + "a:"));
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
    Random texts = new Random(seed);
    PreTokenizer general = split(pattern.regex());
    PreTokenizer scanner = new ScannerPreTokenizer(pattern.scanner());
    for (int i = 0; i < 500; i++) {
      String text = NastyText.forComponents(texts, 40);
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
  @Tag("random")
  void randomPatternsMatchAsInHf() {
    comparePatterns(Seeds.cases(250));
  }

  /** Random patterns with what no automaton expresses too: back-references and the rest. */
  @Test
  @Tag("random")
  void randomPatternsOfAllConstructsMatchAsInHf() {
    compareAllConstructs(Seeds.cases(400));
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
        assertThat(e).hasMessageContaining("took more than ");
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
    assertThat(equal).as("patterns that both take").isGreaterThan(count * 7 / 10);
  }

  static BacktrackingMatcher backtracking(String regex, long steps) {
    RegexNode root = RegexParser.parse(regex);
    return new BacktrackingMatcher(
        regex, new RegexStates(regex, root), new RegexMatcher.FirstBytes(root), steps);
  }

  private static boolean isTakenByHf(String regex) {
    try (HfOracle hf = HfOracle.of(isolated(regex))) {
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
    PreTokenizer backtracking =
        new DelimiterPreTokenizer(backtracking(regex, 10_000), Behavior.ISOLATED, false);
    try (HfOracle hf = HfOracle.of(isolated(regex))) {
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
  @MethodSource("classes")
  void classesHoldTheScalarValuesThatHfHas(String regex) {
    compareClass(regex, false);
  }

  /** All classes, or a third of them in the quick loop. */
  static List<String> classes() {
    List<String> classes = new ArrayList<>(TestResources.list("text/regex/classes.json"));
    Collections.shuffle(classes, new Random(Seeds.next()));
    return classes.subList(0, Math.min(classes.size(), Seeds.cases(4 * classes.size())));
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
    try (HfOracle hf = HfOracle.of(spec)) {
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
  @CsvFileSource(resources = "refusals.csv", delimiter = '!', quoteCharacter = '`')
  void refusesByNameAndPlace(String regex, String what) {
    assertThatThrownBy(() -> RegexParser.parse(regex.strip()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("regex \"" + regex.strip() + "\": ")
        .hasMessageContaining(what.strip())
        .hasMessageEndingWith(
            "is not supported, since its matches might differ from those of HF's engine");
  }

  @Test
  void refusesABackslashAtTheEnd() {
    assertThatThrownBy(() -> RegexParser.parse("ab\\"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a backslash with nothing after it at character 2");
  }

  @Test
  void refusesIntervalsThatMultiply() {
    assertThatThrownBy(() -> CompiledRegex.of("(?:(?:(?:ab){100}){100}){100}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs more than 65536 states: an interval such as {1,100} needs");
    assertThatThrownBy(() -> CompiledRegex.of("(?:ab|c){1,20000}"))
        .hasMessageContaining("needs more than 65536 states");
  }

  /** A repeat has its body twice, so sixty of them have it 2^60 times. */
  @ParameterizedTest
  @ValueSource(strings = {"B", "(?:a(?=b))", "(?:a(?<=b))", "(?:a(?=bc))"})
  void refusesRepeatsThatMultiply(String body) {
    assertThatThrownBy(() -> CompiledRegex.of(body + "+".repeat(60)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs more than 65536 states");
  }

  @ParameterizedTest
  @ValueSource(strings = {"B++++++++++", "(?:a(?=b))++++++++++", "(?:a(?<=b))++++++++++"})
  void aConditionThatIsRepeatedIsKeptOnce(String regex) {
    assertThat(new RegexStates(regex, RegexParser.parse(regex)).conditions()).hasSize(1);
  }

  @Test
  void twelveThousandDifferentCharactersFitTheHeap() {
    String characters =
        IntStream.range(0x4E00, 0x4E00 + 12_000).mapToObj(Character::toString).collect(joining());
    assertThat(Pretokens.of(split(characters), "a" + characters + "b"))
        .containsExactly("a", characters, "b");
    String choices = String.join("|", characters.split(""));
    assertThat(Pretokens.of(split(choices), "a丁b")).containsExactly("a", "丁", "b");
  }

  @Test
  void aLongTextNeedsNoJavaStack() {
    String text = "ab".repeat(2_000_000);
    assertThat(Pretokens.latin1(split("(?:a|b|ab)+"), text)).containsExactly(text);
    assertThat(Pretokens.latin1(split("(?:(?>a)|b)*"), text)).containsExactly(text);
    assertThat(Pretokens.latin1(split("\\s+(?!\\S)|\\s+"), " ".repeat(1_000_000) + "a")).hasSize(3);
  }

  /** Within one attempt, or within all of them together. */
  @ParameterizedTest
  @ValueSource(strings = {"(?>(?:a|a)+$)", "a?(?>a*)b", "a?[a-c]*(?>xy)"})
  void givesUpOnTooManyStepsWithAnError(String regex) {
    BacktrackingMatcher matcher = backtracking(regex, 1_000_000);
    byte[] text = ("a".repeat(20_000) + "c").getBytes(UTF_8);
    matcher.reset(text, 0, text.length);
    assertThatThrownBy(
            () -> {
              while (matcher.find()) {
                continue;
              }
            })
        .isInstanceOf(RegexLimitException.class)
        .hasMessageContaining(
            "regex \"" + regex + "\" took more than 21001000 steps over a text of 20001 bytes");
  }

  private static PreTokenizer split(String regex) {
    return PreTokenizerFactory.split(
        new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false));
  }
}
