package org.merganser.text.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.text.NastyTexts;
import org.merganser.text.RegexTexts;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** What is proved of places, against the backtracking matcher on the whole and on both parts. */
final class CutProofTest {
  @Test
  void whatIsProvedOfRandomRegexesHolds() {
    proveRandomRegexes(Seeds.cases(3_000), 30);
  }

  @Test
  @Tag("soak")
  void whatIsProvedOfManyRandomRegexesHolds() {
    proveRandomRegexes(300_000, 60);
  }

  private static void proveRandomRegexes(int count, int length) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    RegexTexts regexes = new RegexTexts(random);
    int[] places = new int[3];
    int proofs = 0;
    for (int i = 0; i < count; i++) {
      String regex = i % 4 == 0 ? regexes.nextOfAll() : regexes.next();
      Optional<CutProof> proof;
      try {
        proof = CutProof.of(new TextPattern.Regex(regex));
      } catch (IllegalArgumentException refused) {
        continue;
      }
      if (proof.isPresent()) {
        proofs++;
        String text = text(random, length);
        check(regex, proof.get(), text, places, "seed " + seed + ", regex " + i);
      }
    }
    System.out.printf(
        "%d regexes: %d proofs, %d clean places, %d starts, %d ends%n",
        count, proofs, places[0], places[1], places[2]);
    assertThat(places[0]).as("clean places").isGreaterThan(count);
    assertThat(places[1]).as("places where a match starts").isGreaterThan(count / 5);
    assertThat(places[2]).as("places where a match ends").isGreaterThan(count / 5);
  }

  @ParameterizedTest
  @MethodSource("org.merganser.text.regex.RegexMatcherTest#patterns")
  void whatIsProvedOfPublishedPatternsHolds(String regex) {
    long seed = Seeds.next();
    NastyTexts texts = new NastyTexts(new Random(seed));
    CutProof.of(new TextPattern.Regex(regex))
        .ifPresent(
            proof -> {
              for (int i = Seeds.cases(60); i > 0; i--) {
                check(regex, proof, texts.next(i % 2 == 0 ? 5 : 30), new int[3], "seed " + seed);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "aa", "aba", "中a", " "})
  void whatIsProvedOfALiteralHolds(String literal) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    CutProof proof = CutProof.of(new TextPattern.Literal(literal)).orElseThrow();
    for (int i = 0; i < 300; i++) {
      check(literal, proof, text(random, 30), new int[3], "seed " + seed + ", text " + i);
    }
  }

  /**
   * In the regex: whether cutting between two characters is clean, and whether a match starts or
   * ends there for certain.
   */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\\s+, x, \" \", true, true, false",
        "\\s+, \" \", x, true, false, true",
        "\\s+, \" \", \" \", false, true, true",
        "\\s+(?!\\S), \" \", x, false, false, false",
        "\\s+$, x, \" \", true, false, false",
        "a|\\s+b, a, \" \", true, false, true",
        "ab?, a, c, true, false, true",
        "ab?, a, b, false, false, true",
        "(?:ab)?c, a, b, false, false, false",
        "\\bx, \" \", x, true, true, false",
        "\\bx, a, x, false, false, false",
        "(?<=a)x, a, x, false, true, false",
        ".+?b, a, \" \", false, false, false",
      })
  void worksAsTheseExamples(
      String regex, String before, String behind, boolean clean, boolean starts, boolean ends) {
    CutProof proof = CutProof.of(new TextPattern.Regex(regex)).orElseThrow();
    int left = proof.classOf(before.codePointAt(0));
    int right = proof.classOf(behind.codePointAt(0));
    assertThat(proof.isClean(left, right)).isEqualTo(clean);
    assertThat(proof.startsMatch(left, right)).isEqualTo(starts);
    assertThat(proof.endsMatch(left)).isEqualTo(ends);
  }

  /** The order of alternatives decides: behind a newline no way leads to {@code (?!\S)}. */
  @Test
  void theOrderOfAlternativesCounts() {
    String newlinesFirst = "\\p{L}+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    String newlinesLast = "\\p{L}+|\\s+(?!\\S)|\\s*[\\r\\n]+|\\s+";
    CutProof first = CutProof.of(new TextPattern.Regex(newlinesFirst)).orElseThrow();
    CutProof last = CutProof.of(new TextPattern.Regex(newlinesLast)).orElseThrow();
    assertThat(first.isClean(first.classOf('\n'), first.classOf('x'))).isTrue();
    assertThat(last.isClean(last.classOf('\n'), last.classOf('x'))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*",
        "(?=ab)a|\\s",
        "(?<!ab)c",
        "(?>a+|b)c",
        "(?:a|ab)++\\s",
        "x\\Z",
        "(?:a{1,90}b){1,90}"
      })
  void nothingIsProvedOfWhatNoAutomatonExpresses(String regex) {
    assertThat(CutProof.of(new TextPattern.Regex(regex))).isEmpty();
  }

  /**
   * What the parser refuses today it may read tomorrow: then nothing may be proved of it either.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"(?<g>\\w)\\k<g>", "(\\w)\\1", "\\Gx", "a\\Kb", "\\X", "(?~ab)", "(?<g>a\\g<g>?)"})
  void nothingIsProvedOfWhatSeesMoreThanCharacters(String regex) {
    Optional<CutProof> proof;
    try {
      proof = CutProof.of(new TextPattern.Regex(regex));
    } catch (IllegalArgumentException refused) {
      return;
    }
    assertThat(proof).isEmpty();
  }

  @Test
  void theProofOfAKnownPatternIsSmall() {
    for (SplitPattern pattern : SplitPattern.values()) {
      for (String regex : pattern.regexes()) {
        Nfa nfa = Nfa.of(RegexParser.parse(regex)).orElseThrow();
        assertThat(ReachableStates.of(nfa).orElseThrow().count()).as(regex).isLessThan(200);
      }
    }
  }

  /** Counts the clean places, those where a match starts, and those where one ends. */
  private static void check(String regex, CutProof proof, String text, int[] places, String name) {
    byte[] bytes = text.getBytes(UTF_8);
    RegexProgram program = RegexProgram.compile(regex, RegexParser.parse(regex));
    try {
      List<int[]> whole = matches(program, bytes, 0, bytes.length);
      String expected = text(whole);
      for (int at = 1; at < bytes.length; at++) {
        if ((bytes[at] & 0xC0) == 0x80) {
          continue;
        }
        int left = proof.classOf(Utf8.codePoint(bytes, CodePoints.before(bytes, at)));
        int right = proof.classOf(Utf8.codePoint(bytes, at));
        if (!proof.isClean(left, right)) {
          continue;
        }
        List<int[]> parts = matches(program, bytes, 0, at);
        parts.addAll(matches(program, bytes, at, bytes.length));
        int place = at;
        Supplier<String> where = () -> name + ": " + regex + " on \"" + text + "\" at " + place;
        assertThat(text(parts)).as(where).isEqualTo(expected);
        places[0]++;
        if (proof.startsMatch(left, right)) {
          places[1]++;
          assertThat(whole).as(where).anyMatch(match -> match[0] == place);
        }
        if (proof.endsMatch(left)) {
          places[2]++;
          assertThat(whole).as(where).anyMatch(match -> match[1] == place);
        }
      }
    } catch (RegexLimitException catastrophic) {
      return;
    }
  }

  private static List<int[]> matches(RegexProgram program, byte[] text, int from, int to) {
    List<int[]> matches = new ArrayList<>();
    RegexMatcher matcher = new BacktrackingMatcher(program, 100_000, Long.MAX_VALUE / 2);
    matcher.reset(text, from, to);
    while (matcher.find()) {
      matches.add(new int[] {matcher.start(), matcher.end()});
    }
    return matches;
  }

  private static String text(List<int[]> matches) {
    StringBuilder text = new StringBuilder();
    matches.forEach(match -> text.append(match[0]).append("..").append(match[1]).append(' '));
    return text.toString();
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      text.append("aaabbcdxXA  1\n\n中é_".charAt(random.nextInt(18)));
    }
    return text.toString();
  }
}
