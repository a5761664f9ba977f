package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.constraint.PassedOver;
import org.merganser.bpe.constraint.TokenRules;

/** Plain BPE whose merges must occur in several groups, against its definition. */
class MinGroupsTest {
  private static final TrainingBound UNBOUNDED = new TrainingBound(Long.MAX_VALUE, Long.MAX_VALUE);

  private static TrainerSettings settings(int vocabSize, long minFrequency, TokenRules rules) {
    return new TrainerSettings(
            vocabSize,
            minFrequency,
            List.of(),
            TrainerSettings.Alphabet.SEEN,
            List.of(),
            null,
            null)
        .withRules(rules);
  }

  private static TrainingBound.Result train(
      BpeTrainer trainer, Map<String, long[]> corpus, int groups) {
    return train(trainer, corpus, groups, UNBOUNDED);
  }

  private static TrainingBound.Result train(
      BpeTrainer trainer, Map<String, long[]> corpus, int groups, TrainingBound bound) {
    return trainer.train(
        visitor ->
            corpus.forEach(
                (word, counts) -> {
                  byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
                  int[] present = new int[groups];
                  long[] each = new long[groups];
                  int n = 0;
                  for (int group = 0; group < groups; group++) {
                    if (counts[group] > 0) {
                      present[n] = group;
                      each[n++] = counts[group];
                    }
                  }
                  visitor.visit(bytes, 0, bytes.length, present, each, n);
                }),
        groups,
        bound,
        (learned, wanted) -> {});
  }

  /** Counts all pairs and their groups before each merge; notes what it passes over. */
  private static TrainedBpe byDefinition(
      TrainerSettings settings, Map<String, long[]> corpus, Set<List<String>> passed) {
    List<String> tokens =
        new ArrayList<>(
            new TreeSet<>(
                corpus.keySet().stream()
                    .flatMap(word -> List.of(word.split("")).stream())
                    .toList()));
    Map<String, List<String>> words = new LinkedHashMap<>();
    corpus.keySet().forEach(word -> words.put(word, new ArrayList<>(List.of(word.split("")))));
    List<Integer> merges = new ArrayList<>();
    while (tokens.size() < settings.vocabSize()) {
      Map<List<String>, Long> counts = new HashMap<>();
      Map<List<String>, Set<Integer>> groups = new HashMap<>();
      words.forEach(
          (word, symbols) -> {
            long[] each = corpus.get(word);
            for (int i = 1; i < symbols.size(); i++) {
              List<String> pair = List.copyOf(symbols.subList(i - 1, i + 1));
              for (int group = 0; group < each.length; group++) {
                if (each[group] > 0) {
                  counts.merge(pair, each[group], Long::sum);
                  groups.computeIfAbsent(pair, p -> new TreeSet<>()).add(group);
                }
              }
            }
          });
      List<List<String>> order = new ArrayList<>(counts.keySet());
      order.removeIf(pair -> counts.get(pair) < Math.max(1, settings.minFrequency()));
      order.sort(
          (x, y) -> {
            int count = Long.compare(counts.get(y), counts.get(x));
            int left = tokens.indexOf(x.get(0)) - tokens.indexOf(y.get(0));
            int right = tokens.indexOf(x.get(1)) - tokens.indexOf(y.get(1));
            return count != 0 ? count : left != 0 ? left : right;
          });
      List<String> best = null;
      for (List<String> pair : order) {
        if (groups.get(pair).size() >= settings.rules().minGroups()
            && NaiveRules.allow(settings.rules(), String.join("", pair))) {
          best = pair;
          break;
        }
        passed.add(pair);
      }
      if (best == null) {
        break;
      }
      merges.add(tokens.indexOf(best.get(0)));
      merges.add(tokens.indexOf(best.get(1)));
      tokens.add(String.join("", best));
      for (List<String> symbols : words.values()) {
        for (int i = 0; i + 1 < symbols.size(); i++) {
          if (symbols.subList(i, i + 2).equals(best)) {
            symbols.set(i, String.join("", best));
            symbols.remove(i + 1);
          }
        }
      }
    }
    return new TrainedBpe(tokens, merges.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Map<String, long[]> corpus(Random random, int groups) {
    Map<String, long[]> corpus = new TreeMap<>();
    int letters = 1 + random.nextInt(5);
    for (int i = 1 + random.nextInt(25); i > 0; i--) {
      StringBuilder word = new StringBuilder();
      for (int j = random.nextInt(10); j >= 0; j--) {
        word.append((char) ('a' + random.nextInt(letters)));
      }
      long[] counts = new long[groups];
      for (int each = 1 + random.nextInt(2); each > 0; each--) {
        counts[random.nextInt(groups)] += 1 + random.nextInt(random.nextBoolean() ? 2 : 50);
      }
      corpus.put(word.toString(), counts);
    }
    return corpus;
  }

  @Test
  void equalsTheDefinitionAndNamesWhatItPassesOver() {
    long seed = Seeds.next();
    int limited = 0;
    int cases = Seeds.cases(3_000);
    for (int round = 0; round < cases; round++) {
      Random random = new Random(seed + round);
      int groups = 1 + random.nextInt(6);
      Map<String, long[]> corpus = corpus(random, groups);
      TokenRules other = NaiveRules.random(random, List.of("aa", "b.*b", "c\\z"), "Latin");
      TokenRules rules =
          new TokenRules(
              other.forbid(),
              other.maxDigits(),
              other.maxTokenBytes(),
              2 + random.nextInt(Math.max(1, groups)));
      TrainerSettings settings = settings(3 + random.nextInt(50), random.nextInt(4), rules);
      String about = "seed " + (seed + round) + " " + settings;
      Set<List<String>> passed = new LinkedHashSet<>();
      TrainedBpe expected = byDefinition(settings, corpus, passed);
      MergeLearner.Keep keep =
          round % 2 == 0
              ? MergeLearner.Keep.DEFAULT
              : new MergeLearner.Keep(round / 2 % 9, round / 18 % 2);
      TrainingBound.Result actual = train(new BpeTrainer(settings, keep), corpus, groups);
      assertThat(actual.trained().tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(actual.trained().merges()).as(about).isEqualTo(expected.merges());
      assertThat(actual.passedOver().stream().mapToLong(PassedOver::pairs).sum())
          .as(about)
          .isEqualTo(passed.size());
      if (passed.size() <= 20) {
        assertThat(
                actual.passedOver().stream()
                    .flatMap(rule -> rule.first().stream())
                    .map(PassedOver.Pair::token)
                    .sorted()
                    .collect(Collectors.toList()))
            .as(about)
            .isEqualTo(passed.stream().map(pair -> String.join("", pair)).sorted().toList());
      }
      limited += passed.isEmpty() || expected.mergeCount() == 0 ? 0 : 1;

      // Going on from half of it is the same.
      int half = expected.tokens().size() - expected.mergeCount() / 2;
      TrainedBpe first =
          train(new BpeTrainer(settings.withVocabSize(half)), corpus, groups).trained();
      TrainedBpe whole =
          train(BpeTrainer.continueFrom(first.tokens(), first.merges(), settings), corpus, groups)
              .trained();
      assertThat(whole.tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(whole.merges()).as(about).isEqualTo(expected.merges());
    }
    assertThat(limited).as("cases in which groups mattered").isGreaterThan(cases / 3);
  }

  /** Rare bytes vanish, tokens are short, rare words are left out: as without groups. */
  @Test
  void countsByGroupGiveWhatTheirSumsGive() {
    long seed = Seeds.next();
    for (int round = 0; round < 500; round++) {
      Random random = new Random(seed + round);
      int groups = 1 + random.nextInt(6);
      Map<String, long[]> corpus = corpus(random, groups);
      Map<String, Long> sums = new TreeMap<>();
      corpus.forEach((word, counts) -> sums.put(word, LongStream.of(counts).sum()));
      TrainerSettings settings =
          new TrainerSettings(
              3 + random.nextInt(50),
              random.nextInt(4),
              List.of("ab", "<s>"),
              TrainerSettings.Alphabet.SEEN,
              random.nextBoolean() ? 1 + random.nextInt(4) : null,
              random.nextBoolean() ? 2 + random.nextInt(5) : null);
      TrainingBound bound = new TrainingBound(1 + random.nextInt(20), Long.MAX_VALUE);
      TrainingBound.Result expected =
          new BpeTrainer(settings)
              .train(BpeTrainerPropertyTest.source(sums), bound, (learned, wanted) -> {});
      TrainingBound.Result actual = train(new BpeTrainer(settings), corpus, groups, bound);
      assertThat(actual.cut()).isEqualTo(expected.cut());
      assertThat(actual.trained().tokens()).isEqualTo(expected.trained().tokens());
      assertThat(actual.trained().merges()).isEqualTo(expected.trained().merges());
    }
  }

  @Test
  void countsWithoutGroupsAreRefused() {
    TokenRules rules = new TokenRules(List.of(), null, new TreeMap<>(), 2);
    assertThatThrownBy(
            () ->
                new BpeTrainer(settings(99, 2, rules))
                    .train(BpeTrainerPropertyTest.source(Map.of("ab", 2L)), (learned, all) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trainer: minGroups is 2; it needs counts by group");
  }

  @Test
  void aPairThatIsMoreFrequentInOneGroupIsPassedOver() {
    Map<String, long[]> corpus =
        Map.of("ab", new long[] {90, 0}, "cd", new long[] {1, 2}, "abe", new long[] {9, 0});
    TokenRules rules = new TokenRules(List.of(), null, new TreeMap<>(), 2);
    TrainingBound.Result result = train(new BpeTrainer(settings(99, 2, rules)), corpus, 2);
    assertThat(result.trained().tokens()).containsExactly("a", "b", "c", "d", "e", "cd");
    assertThat(result.passedOver())
        .containsExactly(
            new PassedOver(
                "minGroups: 2",
                2,
                List.of(new PassedOver.Pair("ab", 99), new PassedOver.Pair("be", 9))));
  }
}
