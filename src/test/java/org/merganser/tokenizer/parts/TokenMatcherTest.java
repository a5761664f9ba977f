package org.merganser.tokenizer.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class TokenMatcherTest {

  private static TokenMatcher matcher(String... patterns) {
    return new TokenMatcher(
        Arrays.stream(patterns).map(p -> p.getBytes(StandardCharsets.UTF_8)).toList());
  }

  private static long find(TokenMatcher matcher, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return matcher.find(bytes, 0, bytes.length);
  }

  private static long match(int start, int pattern) {
    return (long) start << 32 | pattern;
  }

  @Test
  void prefersTheLeftmostAndThereTheLongest() {
    TokenMatcher matcher = matcher("ab", "abcd", "bcdefgh");
    assertThat(find(matcher, "xxabcdefgh")).isEqualTo(match(2, 1));
    assertThat(find(matcher, "xxabcxbcdefgh")).isEqualTo(match(2, 0));
    assertThat(find(matcher, "xxxxxxxxxxxxxxabc")).isEqualTo(match(14, 0));
  }

  @Test
  void findsNothingBeyondTheEnd() {
    TokenMatcher matcher = matcher("<|end|>");
    byte[] text = "....<|end|>".getBytes(StandardCharsets.UTF_8);
    assertThat(matcher.find(text, 0, text.length - 1)).isEqualTo(-1);
    assertThat(matcher.find(text, 5, text.length)).isEqualTo(-1);
    assertThat(matcher.find(text, 4, text.length)).isEqualTo(match(4, 0));
  }

  @Test
  void matchesASingleByteAtTheVeryEnd() {
    assertThat(find(matcher("x"), "aaaaaaaaaaaax")).isEqualTo(match(12, 0));
  }

  @Test
  void equalsTheNaiveSearchForRandomPatternsAndTexts() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      // Few letters make overlaps, many make more first bytes than the fast pass takes.
      int letters = 1 + random.nextInt(random.nextBoolean() ? 3 : 12);
      Set<String> patterns = new LinkedHashSet<>();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        patterns.add(text(random, letters, 1 + random.nextInt(5)));
      }
      List<byte[]> bytes = new ArrayList<>();
      patterns.forEach(p -> bytes.add(p.getBytes(StandardCharsets.ISO_8859_1)));
      TokenMatcher matcher = new TokenMatcher(bytes);
      byte[] text = text(random, 14, random.nextInt(60)).getBytes(StandardCharsets.ISO_8859_1);
      int to = text.length - random.nextInt(text.length + 1);
      int from = random.nextInt(to + 1);
      assertThat(matcher.find(text, from, to))
          .as(
              "seed %d, round %d: %s in %s",
              seed, round, patterns, new String(text, StandardCharsets.ISO_8859_1))
          .isEqualTo(naive(bytes, text, from, to));
    }
  }

  private static String text(Random random, int letters, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      // 0x7F … 0x8C: on both sides of the sign bit.
      text.append((char) (0x7F + random.nextInt(letters)));
    }
    return text.toString();
  }

  private static long naive(List<byte[]> patterns, byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      int best = -1;
      for (int p = 0; p < patterns.size(); p++) {
        int length = patterns.get(p).length;
        if (at + length <= to
            && Arrays.equals(text, at, at + length, patterns.get(p), 0, length)
            && (best < 0 || length > patterns.get(best).length)) {
          best = p;
        }
      }
      if (best >= 0) {
        return match(at, best);
      }
    }
    return -1;
  }
}
