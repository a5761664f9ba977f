package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.unicode.ByteAlphabet;

/** {@link BpeTrainer} against its slow twins on corpora made to provoke what is hard. */
public class BpeTrainerPropertyTest {
  private static final String[] PIECES = {
    "a", "b", "ab", "aa", "aaa", "ba", " ", " a", "é", "\n", "1", "23", "漢"
  };
  private static final String[] SPECIALS = {
    "ab", "a", "aab", "ba", "aaaa", "Ġa", "Ġ", "<s>", "Ã©", "abab", "aa", "🌲"
  };

  private final long seed = Seeds.next();

  private record Case(TrainerSettings settings, Map<String, Long> corpus) {}

  private static Case randomCase(Random random) {
    Map<String, Long> corpus = new LinkedHashMap<>();
    int pieces = 1 + random.nextInt(PIECES.length);
    int words = random.nextInt(14);
    int longest = 1 + random.nextInt(9);
    int counts = random.nextBoolean() ? 3 : 40;
    // Sums far beyond 2^31; the words have fewer than 2^10 bytes in all, so they stay below 2^63.
    long unit = random.nextInt(4) == 0 ? 1L << 25 + random.nextInt(22) : 1;
    for (int w = 0; w < words; w++) {
      StringBuilder word = new StringBuilder();
      int n = 1 + random.nextInt(longest);
      for (int i = 0; i < n; i++) {
        word.append(PIECES[random.nextInt(pieces)]);
      }
      byte[] bytes = word.toString().getBytes(StandardCharsets.UTF_8);
      corpus.put(
          ByteAlphabet.toToken(bytes, 0, bytes.length),
          unit * (1L + random.nextInt(counts)) - random.nextInt(unit > 1 ? 3 : 1));
    }
    List<String> specials = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      specials.add(SPECIALS[random.nextInt(SPECIALS.length)]);
    }
    boolean bytes = random.nextInt(4) == 0;
    List<String> characters = random.nextInt(4) == 0 ? List.of("x", "b", "車") : List.of();
    return new Case(
        new TrainerSettings(
            (bytes ? 256 : 0) + random.nextInt(60),
            unit * random.nextInt(5),
            specials,
            bytes ? TrainerSettings.Alphabet.BYTES : TrainerSettings.Alphabet.SEEN,
            characters,
            random.nextInt(4) == 0 ? random.nextInt(7) : null,
            random.nextInt(3) == 0 ? random.nextInt(7) : null),
        corpus);
  }

  public static BpeTrainer.CountSource source(Map<String, Long> corpus) {
    return visitor ->
        corpus.forEach(
            (word, count) -> {
              byte[] bytes = ByteAlphabet.toBytes(word);
              visitor.visit(bytes, 0, bytes.length, count);
            });
  }

  private void compare(int cases) {
    System.out.println("seed " + seed);
    int reused = 0;
    for (int i = 0; i < cases; i++) {
      Case c = randomCase(new Random(seed + i));
      String about = "seed " + (seed + i) + " " + c;
      MergeLearner.Keep keep =
          i % 2 == 0 ? MergeLearner.Keep.DEFAULT : new MergeLearner.Keep(i / 2 % 9, i / 18 % 2);
      HfQueueTrainer twin = new HfQueueTrainer(c.settings());
      TrainedBpe expected = twin.train(c.corpus());
      TrainedBpe actual =
          new BpeTrainer(c.settings(), keep, TrainedBpe.NONE)
              .train(source(c.corpus()), TrainingBound.NONE, learned -> {})
              .trained();
      assertThat(actual.tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(actual.merges()).as(about).isEqualTo(expected.merges());
      reused += twin.reusedAnId() ? 1 : 0;
    }
    assertThat(reused).as("cases in which an id is reused").isGreaterThan(cases / 20);
  }

  @Test
  @Tag("random")
  void equalsHfsQueueOnThousandsOfSmallCorpora() {
    compare(Seeds.cases(6_000));
  }
}
