package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.count.PretokenCounts;

/** {@link TrainedBpe#prefix} against trainings with the smaller size. */
final class TrainedBpePrefixTest {
  private static final int CORPORA = 200;

  @Test
  void isWhatTrainingWithTheSmallerSizeGives() {
    Random random = new Random(Seeds.next());
    for (int corpus = 0; corpus < CORPORA; corpus++) {
      PretokenCounts counts = new PretokenCounts();
      int letters = 1 + random.nextInt(4);
      for (int i = random.nextInt(40); i >= 0; i--) {
        byte[] word = word(random, letters).getBytes(StandardCharsets.UTF_8);
        counts.add(word, 0, word.length, 1 + random.nextInt(20));
      }
      List<String> specials = new ArrayList<>();
      for (String special : List.of("<s>", "ab", "aa", "b")) { // some are what a merge makes
        if (random.nextInt(3) == 0) {
          specials.add(special);
        }
      }
      TrainerSettings settings =
          new TrainerSettings(
              random.nextInt(120),
              random.nextInt(4),
              specials,
              random.nextBoolean() ? TrainerSettings.Alphabet.SEEN : TrainerSettings.Alphabet.BYTES,
              random.nextInt(4) == 0 ? 2 : null,
              random.nextInt(4) == 0 ? 4 : null);
      int largest =
          settings.vocabSize() + (settings.alphabet() == TrainerSettings.Alphabet.BYTES ? 256 : 0);
      TrainedBpe larger = trained(settings.withVocabSize(largest), counts);
      int all = larger.tokens().size();
      for (int i = 0; i < 8; i++) {
        int size = Math.min(largest, i < 3 ? all - 1 + i : random.nextInt(largest + 1));
        TrainedBpe smaller = trained(settings.withVocabSize(size), counts);
        TrainedBpe prefix = larger.prefix(size);
        assertThat(prefix.tokens()).as("%s to %s", settings, size).isEqualTo(smaller.tokens());
        assertThat(prefix.merges()).as("%s to %s", settings, size).isEqualTo(smaller.merges());
      }
    }
  }

  private static String word(Random random, int letters) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(9); i >= 0; i--) {
      word.append((char) ('a' + random.nextInt(letters)));
    }
    return word.toString();
  }

  private static TrainedBpe trained(TrainerSettings settings, PretokenCounts counts) {
    return new BpeTrainer(settings).train(counts::forEachSorted, (learned, wanted) -> {});
  }
}
