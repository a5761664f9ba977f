package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel.Options;

/** The encoder against HF's Rust library, through DJL, on hand-made models. */
class HfOracleTest {
  private static final List<String> BYTES = List.of("Ġ", "a", "b", "Ã", "©");

  static List<Integer> ours(BpeEncoder encoder, String pretoken) {
    byte[] text = pretoken.getBytes(StandardCharsets.UTF_8);
    IdBuffer out = new IdBuffer(16);
    if (text.length > 0) {
      encoder.encode(text, 0, new int[] {text.length}, 1, out);
    }
    return Arrays.stream(out.toArray()).boxed().toList();
  }

  private static int counted(BpeCounter counter, String pretoken) {
    byte[] text = pretoken.getBytes(StandardCharsets.UTF_8);
    return text.length == 0 ? 0 : counter.count(text, 0, new int[] {text.length}, 1);
  }

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
      BpeEncoder encoder = bpe.model().newEncoder(byteLevel);
      BpeCounter counter = bpe.model().newCounter(byteLevel);
      try (HfModel hf = HfModel.of(bpe, byteLevel)) {
        for (int i = 0; i < 25; i++) {
          String text = texts.apply(random, bpe);
          String what = "seed " + seed + " round " + round + " " + bpe + " on " + text;
          assertThat(ours(encoder, text)).as(what).isEqualTo(hf.ids(text));
          assertThat(counted(counter, text)).as(what).isEqualTo(hf.ids(text).size());
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
