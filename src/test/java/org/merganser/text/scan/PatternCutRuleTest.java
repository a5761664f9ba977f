package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;

/** For each pattern that has a scanner, any allowed cut gives the pretokens of no cut. */
final class PatternCutRuleTest {
  @Test
  void everyAllowedCutGivesThePretokensOfTheWhole() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<SplitPatternRules> all = new ArrayList<>();
    for (int most : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
      all.addAll(SplitPatternVariants.all(most));
    }
    all.add(SplitPatternRules.DEEPSEEK3);
    all.add(SplitPatternRules.DIGITS_GPT2);
    for (SplitPatternRules rules : all) {
      PretokenScanner scanner = new PretokenScanner(rules);
      PatternCutRule rule = PatternCutRule.of(rules);
      int cuts = 0;
      int rounds = Math.max(50, Seeds.cases(200));
      for (int round = 0; round < rounds; round++) {
        byte[] text = NastyText.forSplits(random, 20).getBytes(UTF_8);
        List<Integer> whole = ends(scanner, text, 0, text.length);
        int cut = rule.lastCut(text, 0, text.length);
        while (cut > 0) {
          List<Integer> parts = ends(scanner, text, 0, cut);
          parts.addAll(ends(scanner, text, cut, text.length));
          assertThat(parts)
              .as("seed %d, round %d, %s, cut at %d", seed, round, rules, cut)
              .isEqualTo(whole);
          cuts++;
          cut = rule.lastCut(text, 0, cut);
        }
      }
      assertThat(cuts).as("%s", rules).isGreaterThan(rounds / 3);
    }
  }

  private static List<Integer> ends(PretokenScanner scanner, byte[] text, int from, int to) {
    List<Integer> found = new ArrayList<>();
    int[] ends = new int[64];
    int at = from;
    while (at < to) {
      int count = scanner.scan(text, from, at, to, ends);
      for (int i = 0; i < count; i++) {
        found.add(ends[i]);
      }
      at = ends[count - 1];
    }
    return found;
  }
}
