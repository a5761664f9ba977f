package org.merganser.text.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.text.RegexTexts;
import org.merganser.text.pretokenize.DelimiterPreTokenizer;
import org.merganser.text.pretokenize.MatchPreTokenizer;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.pretokenize.Pretokens;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexParser;
import org.merganser.text.scan.SplitPattern;

/** The automata against the backtracking matcher, their slow twin, and what they cost. */
final class DfaMatcherTest {

  @Test
  @Tag("random")
  void findsWhatTheBacktrackingMatcherFinds() {
    compareRandomRegexes(Seeds.cases(1_500), 40);
  }

  @Test
  void findsWhatTheBacktrackingMatcherFindsInLongTexts() {
    compareRandomRegexes(Seeds.cases(200), 10_000);
  }

  private static void compareRandomRegexes(int count, int length) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    RegexTexts regexes = new RegexTexts(random);
    int expressed = 0;
    for (int i = 0; i < count; i++) {
      String regex = regexes.next();
      RegexNode root;
      try {
        root = RegexParser.parse(regex);
      } catch (IllegalArgumentException refused) {
        continue;
      }
      Optional<Nfa> nfa = nfa(regex);
      if (nfa.isPresent()) {
        expressed++;
        String text = text(random, length);
        compare(regex, nfa.get(), root, text, "seed " + seed + ", regex " + i);
      }
    }
    assertThat(expressed).isGreaterThan(count / 6);
  }

  @ParameterizedTest
  @MethodSource("org.merganser.text.regex.RegexMatcherTest#patterns")
  void findsTheSameByPublishedPatternsInNastyTexts(String regex) {
    long seed = Seeds.next();
    Random texts = new Random(seed);
    RegexNode root = RegexParser.parse(regex);
    nfa(regex)
        .ifPresent(
            nfa -> {
              for (int i = Seeds.cases(100); i > 0; i--) {
                compare(
                    regex,
                    nfa,
                    root,
                    NastyText.forComponents(texts, i % 2 == 0 ? 6 : 60),
                    "seed " + seed + ", " + i);
              }
            });
  }

  /** By its tables as they are, by ones that are forgotten all the time, and along live states. */
  private static void compare(String regex, Nfa nfa, RegexNode root, String text, String name) {
    List<String> expected;
    try {
      expected = matches(RegexMatcherTest.backtracking(regex, 1_000_000), text);
    } catch (RegexLimitException catastrophic) {
      return;
    }
    assertThat(matches(new DfaMatcher(nfa, LazyDfa.MAX_SIZE), text))
        .as("%s: %s on \"%s\"", name, regex, text)
        .isEqualTo(expected);
    assertThat(matches(new DfaMatcher(nfa, 0), text))
        .as("%s, small tables: %s on \"%s\"", name, regex, text)
        .isEqualTo(expected);
    if (root.minLength() > 0) {
      comparePretokens(regex, nfa, text, name);
    }
    assertThat(matches(new DfaMatcher(nfa, LazyDfa.MAX_SIZE), text, true))
        .as("%s, along live states: %s on \"%s\"", name, regex, text)
        .isEqualTo(expected);
  }

  /** The ends of many matches at once against one match at a time. */
  private static void comparePretokens(String regex, Nfa nfa, String text, String name) {
    for (boolean gaps : new boolean[] {true, false}) {
      Behavior behavior = gaps ? Behavior.ISOLATED : Behavior.REMOVED;
      PreTokenizer slow =
          new DelimiterPreTokenizer(new DfaMatcher(nfa, LazyDfa.MAX_SIZE), behavior, !gaps);
      for (int size : new int[] {0, LazyDfa.MAX_SIZE}) {
        PreTokenizer fast = new MatchPreTokenizer(new DfaMatcher(nfa, size), gaps);
        assertThat(Pretokens.latin1(fast, text))
            .as("%s, size %d, %s: pretokens of %s on \"%s\"", name, size, behavior, regex, text)
            .isEqualTo(Pretokens.latin1(slow, text));
      }
    }
  }

  private static List<String> matches(RegexMatcher matcher, String text) {
    return matches(matcher, text, false);
  }

  /** All matches, as their places; the text lies inside of a larger array. */
  private static List<String> matches(RegexMatcher matcher, String text, boolean alongLive) {
    byte[] bytes = ("é" + text + "é").getBytes(StandardCharsets.UTF_8);
    matcher.reset(bytes, 2, bytes.length - 2);
    if (alongLive) {
      ((DfaMatcher) matcher).beginLiveStates(2);
    }
    List<String> matches = new ArrayList<>();
    while (matcher.find()) {
      matches.add(matcher.start() - 2 + ".." + (matcher.end() - 2));
    }
    return matches;
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append("aaabbcdxXA 1\n中é_".charAt(random.nextInt(16)));
    }
    return text.toString();
  }

  /** What takes more than one block of live states. */
  @ParameterizedTest
  @ValueSource(strings = {"\\s+\\n", "a(?:.*z)?", "(?<=a)\\s+x|\\w", "\\b中+\\n", "^中[^a]*a|(?!a)."})
  void findsTheSameAlongLiveStatesOfALongText(String regex) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    RegexNode root = RegexParser.parse(regex);
    for (int i = 0; i < 5; i++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 10_000) {
        String character = Character.toString("a z\n中x ".charAt(random.nextInt(7)));
        text.append(character.repeat(1 + random.nextInt(1 << random.nextInt(11))));
      }
      compare(
          regex, nfa(regex).orElseThrow(), root, text.toString(), "seed " + seed + ", text " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\s+\\n", "\\s+$", " +x", " (?: *x)?", " *?x", "\\s{2,}\\n|\\n", "(?: |  )+x"})
  void readsATextOfSpacesAFewTimesAtTheMost(String regex) {
    String text = " ".repeat(1_000_000) + "a";
    DfaMatcher matcher = matcher(regex);
    matches(matcher, text);
    assertThat(matcher.bytesInVain()).isLessThan(12L * text.length());
  }

  /** Every place a match begins, and none is read twice. */
  @ParameterizedTest
  @EnumSource(names = "DEEPSEEK3", mode = EnumSource.Mode.EXCLUDE)
  void readsATextOnceByAKnownPattern(SplitPattern pattern) {
    String text = NastyText.forComponents(new Random(7), 50_000);
    DfaMatcher matcher = matcher(pattern.regex());
    int matches = matches(matcher, text).size();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    assertThat(matcher.bytesInVain()).isLessThan(bytes);
  }

  @Test
  void cuttingAllocatesNothing() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] text = NastyText.forComponents(new Random(7), 50_000).getBytes(StandardCharsets.UTF_8);
    PreTokenizer cut = new MatchPreTokenizer(matcher(SplitPattern.O200K.regex()), true);
    PretokenSink sink = (array, start, ends, count) -> {};
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 60; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      cut.split(text, 0, text.length, true, sink);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes allocated for a text of %d", text.length).isZero();
  }

  @Test
  void whatBacktrackingWouldNeverEndIsQuick() {
    assertThat(matches(matcher("(?:a|a)+$"), "a".repeat(10_000) + "b")).isEmpty();
    assertThat(matches(matcher("(?:a|aa)+$"), "a".repeat(10_000))).containsExactly("0..10000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(?=ab)a", "(?<=ab)c", "(?>ab?)b", "(?:ab)*+a", "a\\Z", "[ab]{5000}", "\\R"})
  void leavesToBacktracking(String regex) {
    assertThat(CompiledRegex.of(regex).newMatcher()).isInstanceOf(BacktrackingMatcher.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\s+(?!\\S)",
        "(?<!\\d)a",
        "\\p{L}++",
        "a??",
        "(a)(?<n>b)",
        "(?i:sa)",
        "^a$",
        "\\b\\w+\\B",
        "\\Aa|b\\z",
        "[ab]{500}"
      })
  void expresses(String regex) {
    assertThat(CompiledRegex.of(regex).newMatcher()).isInstanceOf(DfaMatcher.class);
  }

  private static DfaMatcher matcher(String regex) {
    return new DfaMatcher(nfa(regex).orElseThrow(), LazyDfa.MAX_SIZE);
  }

  private static Optional<Nfa> nfa(String regex) {
    RegexNode root = RegexParser.parse(regex);
    return Nfa.of(new RegexStates(regex, root), root);
  }
}
