package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** A warm start, against its definition: encode everything anew before each merge and count. */
class BpeTrainerContinueTest {
  private static final String LETTERS = "abcd";

  private final long seed = Seeds.next();

  private static TrainerSettings settings(int vocabSize, long minFrequency, List<String> specials) {
    return new TrainerSettings(
        vocabSize, minFrequency, specials, TrainerSettings.Alphabet.SEEN, List.of(), null, null);
  }

  private static Map<String, Long> randomCorpus(Random random) {
    Map<String, Long> corpus = new LinkedHashMap<>();
    int letters = 1 + random.nextInt(4);
    int words = 1 + random.nextInt(12);
    for (int w = 0; w < words; w++) {
      StringBuilder word = new StringBuilder();
      int n = 1 + random.nextInt(12);
      for (int i = 0; i < n; i++) {
        word.append(LETTERS.charAt(random.nextInt(letters)));
      }
      corpus.put(word.toString(), 1L + random.nextInt(random.nextBoolean() ? 3 : 30));
    }
    return corpus;
  }

  private static TrainedBpe train(BpeTrainer trainer, Map<String, Long> corpus) {
    return trainer
        .train(BpeTrainerPropertyTest.source(corpus), TrainingBound.NONE, learned -> {})
        .trained();
  }

  private static TrainedBpe goOn(
      TrainedBpe from, TrainerSettings settings, Map<String, Long> corpus) {
    return train(new BpeTrainer(settings, MergeLearner.Keep.DEFAULT, from), corpus);
  }

  private static AbstractThrowableAssert<?, ?> refusal(TrainedBpe from) {
    return assertThatThrownBy(() -> goOn(from, settings(9, 0, List.of()), Map.of("ab", 1L)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** BPE as its definition says: the lowest rank first, then the leftmost. */
  private static List<Integer> encode(
      String word, List<String> tokens, Map<List<Integer>, Integer> ranks) {
    List<Integer> symbols = new ArrayList<>();
    word.chars().forEach(c -> symbols.add(tokens.indexOf(String.valueOf((char) c))));
    while (true) {
      int best = -1;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Integer rank = ranks.get(symbols.subList(i, i + 2));
        if (rank != null && (best < 0 || rank < ranks.get(symbols.subList(best, best + 2)))) {
          best = i;
        }
      }
      if (best < 0) {
        return symbols;
      }
      String joined = tokens.get(symbols.get(best)) + tokens.get(symbols.get(best + 1));
      symbols.remove(best + 1);
      symbols.set(best, tokens.indexOf(joined));
    }
  }

  private static TrainedBpe byDefinition(
      TrainedBpe existing, int vocabSize, long minFrequency, Map<String, Long> corpus) {
    List<String> tokens = new ArrayList<>(existing.tokens());
    Map<List<Integer>, Integer> ranks = new HashMap<>();
    List<Integer> merges = new ArrayList<>();
    for (int m : existing.merges()) {
      merges.add(m);
    }
    for (int m = 0; m < merges.size(); m += 2) {
      ranks.put(List.copyOf(merges.subList(m, m + 2)), m / 2);
    }
    corpus.keySet().stream()
        .flatMapToInt(String::chars)
        .sorted()
        .mapToObj(c -> String.valueOf((char) c))
        .filter(c -> !tokens.contains(c))
        .distinct()
        .toList()
        .forEach(tokens::add);
    while (tokens.size() < vocabSize) {
      Map<List<Integer>, Long> pairs = new HashMap<>();
      corpus.forEach(
          (word, count) -> {
            List<Integer> symbols = encode(word, tokens, ranks);
            for (int i = 0; i + 1 < symbols.size(); i++) {
              pairs.merge(List.copyOf(symbols.subList(i, i + 2)), count, Long::sum);
            }
          });
      List<Integer> best =
          pairs.keySet().stream()
              .min(
                  (x, y) -> {
                    int count = Long.compare(pairs.get(y), pairs.get(x));
                    int left = x.get(0) - y.get(0);
                    return count != 0 ? count : left != 0 ? left : x.get(1) - y.get(1);
                  })
              .orElse(null);
      if (best == null || pairs.get(best) < Math.max(1, minFrequency)) {
        break;
      }
      ranks.put(best, merges.size() / 2);
      merges.addAll(best);
      String token = tokens.get(best.get(0)) + tokens.get(best.get(1));
      if (!tokens.contains(token)) {
        tokens.add(token);
      }
    }
    return new TrainedBpe(tokens, merges.stream().mapToInt(Integer::intValue).toArray());
  }

  /** A vocabulary with merges in any order, unreachable tokens and several ways to one token. */
  private static TrainedBpe randomVocabulary(Random random) {
    LinkedHashSet<String> tokens = new LinkedHashSet<>();
    for (char c : LETTERS.substring(random.nextInt(3)).toCharArray()) {
      tokens.add(String.valueOf(c));
    }
    List<String> known = new ArrayList<>(tokens);
    LinkedHashSet<List<Integer>> merges = new LinkedHashSet<>();
    for (int i = random.nextInt(14); i > 0; i--) {
      String left = known.get(random.nextInt(known.size()));
      String right = known.get(random.nextInt(known.size()));
      if (left.length() + right.length() <= 5) {
        if (tokens.add(left + right)) {
          known.add(left + right);
        }
        if (random.nextInt(4) > 0) {
          merges.add(List.of(known.indexOf(left), known.indexOf(right)));
        }
      }
    }
    List<List<Integer>> shuffled = new ArrayList<>(merges);
    if (random.nextBoolean()) {
      java.util.Collections.shuffle(shuffled, random);
    }
    return new TrainedBpe(
        known, shuffled.stream().flatMapToInt(p -> p.stream().mapToInt(x -> x)).toArray());
  }

  @Test
  void equalsTheDefinitionFromAnyVocabulary() {
    System.out.println("seed " + seed);
    int reused = 0;
    int cases = Seeds.cases(4_000);
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      TrainedBpe existing = randomVocabulary(random);
      Map<String, Long> corpus = randomCorpus(random);
      int vocabSize = existing.tokens().size() + random.nextInt(25);
      int minFrequency = random.nextInt(4);
      String merges = Arrays.toString(existing.merges());
      String about = "seed %d %s%s%s".formatted(seed + i, existing.tokens(), merges, corpus);
      TrainedBpe expected = byDefinition(existing, vocabSize, minFrequency, corpus);
      TrainedBpe actual = goOn(existing, settings(vocabSize, minFrequency, List.of()), corpus);
      assertThat(actual.tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(actual.merges()).as(about).isEqualTo(expected.merges());
      int made = actual.mergeCount() - existing.mergeCount();
      int added = actual.tokens().size() - existing.tokens().size();
      reused += made > 0 && made > added ? 1 : 0;
    }
    assertThat(reused).as("cases in which an existing token is made").isGreaterThan(cases / 80);
  }

  @Test
  void goingOnGivesWhatTrainingAtOnceGives() {
    System.out.println("seed " + seed);
    for (int i = Seeds.cases(1_000); i > 0; i--) {
      Random random = new Random(seed + i);
      Map<String, Long> corpus = randomCorpus(random);
      List<String> specials = random.nextBoolean() ? List.of("<s>", "ab", "aba") : List.of();
      TrainedBpe whole = train(new BpeTrainer(settings(40, 0, specials)), corpus);
      TrainedBpe part = train(new BpeTrainer(settings(12, 0, specials)), corpus);
      TrainedBpe rest = goOn(part, settings(40, 0, specials), corpus);
      assertThat(rest.tokens()).as("seed %d %s", seed + i, corpus).isEqualTo(whole.tokens());
      assertThat(rest.merges()).as("seed %d %s", seed + i, corpus).isEqualTo(whole.merges());
    }
  }

  @Test
  void newSpecialTokensAndBytesGetTheFirstNewIds() {
    TrainedBpe existing = new TrainedBpe(List.of("b", "a", "ab", "<s>"), new int[] {1, 0});
    TrainedBpe trained = goOn(existing, settings(9, 0, List.of("<s>", "<pad>")), Map.of("abc", 2L));
    assertThat(trained.tokens()).containsExactly("b", "a", "ab", "<s>", "<pad>", "c", "abc");
    assertThat(trained.merges()).containsExactly(1, 0, 2, 5);
  }

  @Test
  void aVocabularyThatContradictsItselfIsRefused() {
    refusal(new TrainedBpe(List.of("a", "b", "a"), new int[0]))
        .hasMessage("the vocabulary to continue has the token \"a\" twice, as 0 and 2");
    refusal(new TrainedBpe(List.of("a", "b"), new int[] {0, 7}))
        .hasMessage("merge 0 of the vocabulary to continue names id 7; its ids are 0 to 1");
    refusal(new TrainedBpe(List.of("a", "b"), new int[] {0, 1})).hasMessageContaining("\"ab\"");
  }
}
