package org.merganser.bpe.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.unicode.ByteAlphabet;

class ParityTrainerTest {
  private static final TrainingBound UNBOUNDED = TrainingBound.NONE;

  private static TrainerSettings settings(
      int vocabSize, long minFrequency, Integer maxTokenLength) {
    return new TrainerSettings(
        vocabSize,
        minFrequency,
        List.of(),
        TrainerSettings.Alphabet.SEEN,
        List.of(),
        null,
        maxTokenLength);
  }

  private static ParitySettings plain(int groups) {
    return new ParitySettings(groups, null, 0, 0, 2);
  }

  private static ParityTrainer.GroupedSource source(Map<String, long[]> words) {
    return visitor ->
        words.forEach(
            (word, counts) -> {
              byte[] bytes = Objects.requireNonNull(ByteAlphabet.toBytes(word));
              int[] groups = new int[counts.length];
              long[] present = new long[counts.length];
              int n = 0;
              for (int group = 0; group < counts.length; group++) {
                if (counts[group] > 0) {
                  groups[n] = group;
                  present[n++] = counts[group];
                }
              }
              visitor.visit(bytes, 0, bytes.length, groups, present, n);
            });
  }

  private static ParityTrainer.Result train(
      ParityTrainer trainer, Map<String, long[]> words, Map<String, long[]> development) {
    return trainer.train(
        source(words),
        development.isEmpty() ? null : source(development),
        UNBOUNDED,
        learned -> {});
  }

  private static Map<String, long[]> words(Object... wordsAndCounts) {
    Map<String, long[]> words = new TreeMap<>();
    for (int i = 0; i < wordsAndCounts.length; i += 2) {
      words.put((String) wordsAndCounts[i], (long[]) wordsAndCounts[i + 1]);
    }
    return words;
  }

  private static long[] counts(long... counts) {
    return counts;
  }

  private static List<String> merges(TrainedBpe trained) {
    List<String> merges = new ArrayList<>();
    for (int m = 0; m < trained.merges().length; m += 2) {
      merges.add(
          trained.tokens().get(trained.merges()[m])
              + " "
              + trained.tokens().get(trained.merges()[m + 1]));
    }
    return merges;
  }

  /** Both groups are equally long, so the first goes first, and ties go to the larger text. */
  @Test
  void groupsTakeTurnsAndTiesGoToTheLargerText() {
    ParityTrainer.Result result =
        train(
            new ParityTrainer(settings(100, 1, null), plain(2), MergeLearner.Keep.DEFAULT),
            words("aabb", counts(10, 0), "ccdd", counts(0, 10)),
            Map.of());
    assertThat(merges(result.trained()))
        .containsExactly("b b", "d d", "a bb", "c dd", "a abb", "c cdd");
    assertThat(result.bytes()).containsExactly(40, 40);
    assertThat(result.tokens()).containsExactly(10, 10);
    assertThat(result.mergesByGroup()).containsExactly(3, 3, 0);
  }

  /** The rare group is never the longest in what is learned from, but always in the other text. */
  @Test
  void aDevelopmentTextDecidesWhoIsWorstOff() {
    Map<String, long[]> words = words("abcd", counts(1000, 0), "efgh", counts(0, 5));
    ParityTrainer trainer =
        new ParityTrainer(settings(10, 1, null), plain(2), MergeLearner.Keep.DEFAULT);
    assertThat(merges(train(trainer, words, Map.of()).trained())).containsExactly("c d", "b cd");
    assertThat(
            merges(
                train(trainer, words, words("abcd", counts(1, 0), "efghefgh", counts(0, 9)))
                    .trained()))
        .containsExactly("g h", "f gh");
  }

  @Test
  void theFirstMergesMayBeThoseOfAllGroupsTogether() {
    Map<String, long[]> words =
        words("ab", counts(5, 0), "cd", counts(1, 6), "xyzxyz", counts(4, 0));
    ParitySettings global = new ParitySettings(2, null, 1, 0, 2);
    assertThat(
            merges(
                train(
                        new ParityTrainer(settings(9, 1, null), global, MergeLearner.Keep.DEFAULT),
                        words,
                        Map.of())
                    .trained()))
        .startsWith("y z");
    assertThat(
            merges(
                train(
                        new ParityTrainer(
                            settings(9, 1, null), plain(2), MergeLearner.Keep.DEFAULT),
                        words,
                        Map.of())
                    .trained()))
        .startsWith("y z");
    Map<String, long[]> shared = words("ab", counts(5, 0), "cd", counts(4, 4), "a", counts(9, 0));
    assertThat(
            merges(
                train(
                        new ParityTrainer(settings(5, 1, null), global, MergeLearner.Keep.DEFAULT),
                        shared,
                        Map.of())
                    .trained()))
        .containsExactly("c d");
    assertThat(
            merges(
                train(
                        new ParityTrainer(
                            settings(5, 1, null), plain(2), MergeLearner.Keep.DEFAULT),
                        shared,
                        Map.of())
                    .trained()))
        .containsExactly("a b");
  }

  @Test
  void aGroupWithoutPairsIsPassedOverAndTrainingGoesOn() {
    ParityTrainer.Result result =
        train(
            new ParityTrainer(settings(100, 2, null), plain(2), MergeLearner.Keep.DEFAULT),
            words("aaaaaaaaz", counts(1, 0), "ccdd", counts(0, 2)),
            Map.of());
    assertThat(merges(result.trained())).containsExactly("a a", "d d", "c dd", "aa aa", "c cdd");
  }

  private static Map<String, long[]> corpus(Random random, int groups, int letters) {
    Map<String, long[]> corpus = new TreeMap<>();
    for (int i = 1 + random.nextInt(25); i > 0; i--) {
      StringBuilder word = new StringBuilder();
      for (int j = random.nextInt(9); j >= 0; j--) {
        word.append((char) ('a' + random.nextInt(letters)));
      }
      long[] counts = new long[groups];
      counts[random.nextInt(groups)] = 1 + random.nextInt(random.nextInt(20) == 0 ? 90_000 : 6);
      if (random.nextInt(3) == 0) {
        counts[random.nextInt(groups)] += 1 + random.nextInt(9);
      }
      corpus.put(word.toString(), counts);
    }
    long[] all = new long[groups];
    Arrays.fill(all, 1); // no group is without text
    corpus.put("a", all);
    return corpus;
  }

  /** Ties, windows, exhaustion, ratios, development texts, runs of one letter, few kept pairs. */
  @Test
  void equalsItsDefinitionOnSmallCorpora() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[] limited = {0};
    int rounds = Seeds.cases(3_000);
    for (int round = 0; round < rounds; round++) {
      int groups = 1 + random.nextInt(5);
      int letters = 1 + random.nextInt(5);
      Map<String, long[]> words = corpus(random, groups, letters);
      Map<String, long[]> development =
          random.nextInt(3) == 0 ? corpus(random, groups, letters) : Map.of();
      double[] ratios = null;
      if (development.isEmpty() && random.nextInt(3) == 0) {
        ratios = random.doubles(groups, 0.5, 2).toArray();
      }
      ParitySettings parity =
          new ParitySettings(
              groups,
              ratios,
              random.nextInt(3) == 0 ? random.nextInt(8) : 0,
              random.nextInt(2) == 0 ? 1 + random.nextInt(8) : 0,
              0.5 + random.nextInt(4) / 2.0);
      TrainerSettings settings =
          settings(
              letters + random.nextInt(60),
              random.nextInt(4),
              random.nextInt(4) == 0 ? 2 + random.nextInt(5) : null);
      TreeSet<String> alphabet = new TreeSet<>();
      words.keySet().forEach(word -> alphabet.addAll(List.of(word.split(""))));
      development.keySet().forEach(word -> alphabet.addAll(List.of(word.split(""))));
      TrainedBpe expected =
          new RecountParityTrainer(settings, parity, List.copyOf(alphabet), words, development, 1)
              .train();
      MergeLearner.Keep keep =
          random.nextBoolean()
              ? MergeLearner.Keep.DEFAULT
              : new MergeLearner.Keep(random.nextInt(6), random.nextInt(2));
      ParityTrainer trainer = new ParityTrainer(settings, parity, keep);
      ParityTrainer.Result result = train(trainer, words, development);
      assertThat(result.trained().tokens())
          .as("seed %d round %d %s %s", seed, round, settings, parity)
          .isEqualTo(expected.tokens());
      assertThat(result.trained().merges())
          .as("seed %d round %d", seed, round)
          .isEqualTo(expected.merges());
      limited[0] += parity.window() > 0 ? 1 : 0;
    }
    assertThat(limited[0]).isGreaterThan(rounds / 3);
  }

  private static final String LETTERS = "abĠéÃ";

  /** Long words of bytes that are not ASCII, counts up to 2^40, and many groups. */
  private static Map<String, long[]> largeCorpus(Random random, int groups) {
    Map<String, long[]> corpus = new TreeMap<>();
    int letters = 1 + random.nextInt(LETTERS.length());
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      StringBuilder word = new StringBuilder();
      String part = "";
      for (int j = random.nextInt(random.nextInt(6) == 0 ? 200 : 7); j >= 0; j--) {
        part = random.nextInt(3) == 0 ? "" + LETTERS.charAt(random.nextInt(letters)) : part;
        word.append(part.isEmpty() ? "a" : part);
      }
      long[] counts = new long[groups];
      for (int k = random.nextInt(3); k >= 0; k--) {
        counts[random.nextInt(groups)] += 1 + random.nextLong(1L << random.nextInt(41));
      }
      corpus.put(word.toString(), counts);
    }
    long[] all = new long[groups];
    Arrays.fill(all, 1);
    corpus.put("a", all);
    return corpus;
  }

  /**
   * Special tokens that merges make again, an alphabet of all bytes and of characters that do not
   * occur, and a minimum count of pretokens, whose rare ones stay letters.
   */
  @Test
  void equalsItsDefinitionWithSpecialTokensLargeCountsAndRarePretokens() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int reused = 0;
    int left = 0;
    int rounds = Seeds.cases(1_200);
    for (int round = 0; round < rounds; round++) {
      int groups = 1 + random.nextInt(round % 20 == 0 ? 256 : 4);
      Map<String, long[]> words = largeCorpus(random, groups);
      Map<String, long[]> development =
          random.nextInt(3) == 0 ? largeCorpus(random, groups) : Map.of();
      List<String> specials = new ArrayList<>();
      for (String special : List.of("<s>", "ab", "aa", "Ġa", "aaa")) {
        if (random.nextInt(3) == 0) {
          specials.add(special);
        }
      }
      boolean bytes = random.nextBoolean();
      TreeSet<String> alphabet = new TreeSet<>();
      for (int b = 0; bytes && b < 256; b++) {
        alphabet.add(String.valueOf(ByteAlphabet.toChar(b)));
      }
      words.keySet().forEach(word -> alphabet.addAll(List.of(word.split(""))));
      development.keySet().forEach(word -> alphabet.addAll(List.of(word.split(""))));
      List<String> characters = random.nextInt(3) == 0 ? List.of("z", "中", "a") : List.of();
      alphabet.addAll(characters);
      List<String> tokens = new ArrayList<>(specials);
      tokens.addAll(alphabet);
      TrainerSettings settings =
          new TrainerSettings(
              tokens.size() + random.nextInt(25),
              random.nextInt(5),
              specials,
              bytes ? TrainerSettings.Alphabet.BYTES : TrainerSettings.Alphabet.SEEN,
              characters,
              null,
              random.nextInt(4) == 0 ? 2 + random.nextInt(9) : null);
      double[] ratios =
          development.isEmpty() && random.nextBoolean()
              ? random.doubles(groups, 0.001, 1_000).toArray()
              : null;
      ParitySettings parity =
          new ParitySettings(
              groups,
              ratios,
              random.nextInt(6),
              random.nextInt(3) == 0 ? 1 + random.nextInt(12) : 0,
              0.1 + 2 * random.nextDouble());
      long minimum = random.nextInt(3) == 0 ? 1 + random.nextLong(1_000) : 1;
      TrainedBpe expected =
          new RecountParityTrainer(settings, parity, tokens, words, development, minimum).train();
      MergeLearner.Keep keep =
          random.nextBoolean()
              ? MergeLearner.Keep.DEFAULT
              : new MergeLearner.Keep(random.nextInt(6), random.nextInt(2));
      ParityTrainer.Result result =
          new ParityTrainer(settings, parity, keep)
              .train(
                  source(words),
                  development.isEmpty() ? null : source(development),
                  new TrainingBound(minimum, Long.MAX_VALUE),
                  learned -> {});
      String about = "seed %d round %d %s %s".formatted(seed, round, settings, parity);
      assertThat(result.trained().tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(result.trained().merges()).as(about).isEqualTo(expected.merges());
      int made = result.trained().merges().length / 2;
      if (made > expected.tokens().size() - tokens.size()) {
        reused++;
      }
      if (result.kept().cutDistinct() > 0) {
        left++;
      }
    }
    assertThat(reused).as("cases in which a merge makes a token again").isGreaterThan(rounds / 20);
    assertThat(left).as("cases with pretokens that are left out").isGreaterThan(rounds / 20);
  }

  /** With one group the pairs are those of plain BPE, but for ties. */
  @Test
  void oneGroupIsPlainTrainingWhereNothingIsTied() {
    Map<String, long[]> words =
        words("low", counts(50), "lower", counts(21), "newest", counts(63), "widest", counts(33));
    ParityTrainer.Result result =
        train(
            new ParityTrainer(settings(16, 1, null), plain(1), MergeLearner.Keep.DEFAULT),
            words,
            Map.of());
    TrainedBpe plain =
        new BpeTrainer(settings(16, 1, null))
            .train(
                visitor ->
                    words.forEach(
                        (word, counts) ->
                            visitor.visit(
                                word.getBytes(StandardCharsets.US_ASCII),
                                0,
                                word.length(),
                                counts[0])),
                TrainingBound.NONE,
                learned -> {})
            .trained();
    assertThat(result.trained().tokens()).hasSameSizeAs(plain.tokens());
    assertThat(result.tokens()[0]).isPositive().isLessThan(result.bytes()[0]);
  }
}
