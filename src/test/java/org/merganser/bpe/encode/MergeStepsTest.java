package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;

/** What a token's own text takes with fewer merges, against the textbook rule. */
final class MergeStepsTest {
  /** Tokens of many lengths over two letters, each made of two others, in a random order. */
  private static List<String> merges(Random random, List<Entry> entries) {
    List<String> tokens = new ArrayList<>(List.of("a", "b"));
    List<String> merges = new ArrayList<>();
    entries.add(new Entry("a", 0));
    entries.add(new Entry("b", 1));
    while (tokens.size() < 60) {
      String left = tokens.get(random.nextInt(tokens.size()));
      String right = tokens.get(random.nextInt(tokens.size()));
      if (left.length() + right.length() <= 200 && !tokens.contains(left + right)) {
        merges.addAll(List.of(left, right));
        entries.add(new Entry(left + right, tokens.size()));
        tokens.add(left + right);
      }
    }
    return merges;
  }

  @Test
  void countsTheSymbolsThatTheTextbookRuleLeavesUnderEveryNumberOfMerges() {
    Random random = new Random(Seeds.next());
    int longest = 0;
    for (int round = 0; round < 20; round++) {
      List<Entry> entries = new ArrayList<>();
      List<String> merges = merges(random, entries);
      MergeSteps steps = new MergeSteps(ListedModel.of(entries, merges, Options.NONE));
      for (Entry entry : entries.subList(2, entries.size())) {
        longest = Math.max(longest, entry.token().length());
        MergeSteps.Steps ofToken = steps.stepsOf(entry.id());
        for (int ranks = 0; 2 * ranks <= merges.size(); ranks += 7) {
          PlainBpe plain = new PlainBpe(entries, merges.subList(0, 2 * ranks), Options.NONE);
          assertThat(ofToken.symbolsUnder(ranks))
              .as("%s with %d of %s", entry, ranks, merges)
              .isEqualTo(plain.ids(entry.token()).size());
        }
        PlainBpe all = new PlainBpe(entries, merges, Options.NONE);
        boolean itself = all.ids(entry.token()).equals(List.of(entry.id()));
        assertThat(steps.makesItself(entry.id())).isEqualTo(itself);
      }
    }
    assertThat(longest).isGreaterThan(WordScan.MOST_SYMBOLS);
  }

  @Test
  void tellsWhichMergesMakeATokenAndWhichNone() {
    List<Entry> entries = new ArrayList<>();
    for (String token : List.of("ab", "a", "b", "aab", "aa", "é", "éc", "<end>")) {
      entries.add(new Entry(token, entries.size()));
    }
    List<String> merges = List.of("a", "b", "a", "ab", "a", "a", "aa", "b", "é", "é");
    entries.add(new Entry("éé", entries.size()));
    MergeSteps steps = new MergeSteps(ListedModel.of(entries, merges, Options.NONE));
    assertThat(entries)
        .extracting(entry -> steps.lowestRank(entry.id()))
        .as("the lowest rank of a merge with this result")
        .containsExactly(0, -1, -1, 1, 2, -1, -1, -1, 4);
    assertThat(steps.lowestRank(-1)).isEqualTo(-1);
    assertThat(steps.lowestRank(9)).isEqualTo(-1);
    assertThat(steps.stepsOf(3).ranks()).containsExactly(0, 1);
    assertThat(steps.stepsOf(8).ranks()).containsExactly(4);
    assertThat(steps.stepsOf(7).ranks()).isEmpty();
    assertThat(steps.stepsOf(7).symbolsUnder(5)).as("an added token").isEqualTo(1);
    assertThat(steps.makesItself(7)).isFalse();
  }

  @Test
  void aTokenThatIsTakenWholeHasOneSymbolFromTheMergeOnThatMakesIt() {
    List<Entry> entries = new ArrayList<>();
    for (String token : List.of("a", "b", "aa", "ab", "aab")) {
      entries.add(new Entry(token, entries.size()));
    }
    List<String> merges = List.of("a", "a", "a", "b", "a", "ab");
    Options ignoring = new Options(null, null, null, false, false, true);
    for (Options options : List.of(Options.NONE, ignoring)) {
      MergeSteps steps = new MergeSteps(ListedModel.of(entries, merges, options));
      MergeSteps.Steps ofToken = steps.stepsOf(4);
      // "aa" and "b" do not merge, but with ignore_merges the vocabulary is asked first.
      int whole = options.ignoreMerges() ? 1 : 2;
      assertThat(List.of(0, 1, 2, 3))
          .extracting(ofToken::symbolsUnder)
          .containsExactly(3, 2, 2, whole);
    }
  }

  /** Steps that each go through the token would take hours. */
  @Test
  void aTokenOfAMegabyteIsRunInAMoment() {
    List<Entry> entries = new ArrayList<>(List.of(new Entry("a", 0)));
    List<String> merges = new ArrayList<>();
    for (int log = 0; log < 20; log++) {
      String half = entries.get(log).token();
      merges.addAll(List.of(half, half));
      entries.add(new Entry(half + half, log + 1));
    }
    MergeSteps steps = new MergeSteps(ListedModel.of(entries, merges, Options.NONE));
    assertThat(steps.makesItself(20)).isTrue();
    MergeSteps.Steps ofToken = steps.stepsOf(20);
    for (int ranks = 0; ranks <= 20; ranks++) {
      assertThat(ofToken.symbolsUnder(ranks)).isEqualTo(1 << 20 - ranks);
    }
  }
}
