package org.merganser.bpe.encode;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.encode.BpeModel.Options;

/** The encoder against HF's Rust library, through DJL, on hand-made models. */
class HfOracleTest {
  private static final List<String> BYTES = List.of("Ġ", "a", "b", "Ã", "©");

  @Test
  void equalsHfOnRandomCharacterModels() throws IOException {
    equalsHf(
        false,
        random -> random.nextBoolean() ? List.of("a", "b") : List.of("a", "é", "車", "🌲", "▁"),
        (random, bpe) -> bpe.text(random, 1 + random.nextInt(random.nextInt(25) == 0 ? 200 : 14)));
  }

  @Test
  void equalsHfOnRandomByteLevelModels() throws IOException {
    equalsHf(
        true,
        random -> BYTES,
        (random, bpe) ->
            bpe.text(random, 1 + random.nextInt(14))
                .replace('Ġ', ' ')
                .replace("Ã", "é")
                .replace("©", random.nextBoolean() ? "é" : "車"));
  }

  private static void equalsHf(
      boolean byteLevel,
      Function<Random, List<String>> alphabet,
      BiFunction<Random, RandomBpe, String> texts)
      throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      RandomBpe bpe = new RandomBpe(random, alphabet.apply(random), options(random));
      ModelWays ways = new ModelWays(bpe.model(), byteLevel);
      try (HfModel hf = HfModel.of(bpe, byteLevel)) {
        for (int i = 0; i < 25; i++) {
          String text = texts.apply(random, bpe);
          String what = "seed " + seed + " round " + round + " " + bpe + " on " + text;
          ways.check(hf.ids(text), what, text);
        }
      }
    }
  }

  private static Options options(Random random) {
    return new Options(
        random.nextInt(3) == 0 ? "<unk>" : null,
        random.nextInt(4) == 0 ? "##" : null,
        random.nextInt(4) == 0 ? "</w>" : null,
        random.nextBoolean(),
        random.nextInt(3) == 0,
        random.nextInt(3) == 0);
  }
}
