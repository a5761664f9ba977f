package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.SharedData;

/** Real vocabularies on pieces of real text, each piece one pretoken, against HF. */
@Tag("conformance")
class EncoderConformanceTest {

  @ParameterizedTest
  @CsvSource({
    "gpt2, true",
    "qwen2_5_derived, true",
    "gptoss, true",
    "gpt35turbo, true",
    "mistral_7b_v01, false"
  })
  void givesHfsIdsForPiecesOfTheCorpus(String name, boolean byteLevel) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Path json = SharedData.dir().resolve("tokenizers").resolve(name).resolve("tokenizer.json");
    BpeEncoder encoder = HfModel.ours(json).newEncoder(byteLevel);
    assertThat(encoder).as("its tokens are words").isInstanceOf(CachedEncoder.class);
    int pieces = 0;
    try (HfModel hf = HfModel.of(json, byteLevel)) {
      for (String document : SharedData.firstTexts(SharedData.dir(), 8)) {
        String text = byteLevel ? document : document.replace(' ', '▁');
        for (int i = 0; i < 40; i++) {
          int from =
              text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length())));
          int most = Math.min(i == 0 ? 2000 : 60, text.codePointCount(from, text.length()));
          String piece =
              text.substring(from, text.offsetByCodePoints(from, random.nextInt(most + 1)));
          // Twice, so that the cache answers too.
          for (int k = 0; k < 2; k++) {
            assertThat(HfOracleTest.ours(encoder, piece))
                .as("seed %d: %s", seed, piece)
                .isEqualTo(hf.ids(piece));
          }
          pieces++;
        }
      }
    }
    System.out.println(name + ": " + pieces + " pieces equal");
    assertThat(encoder.droppedBytes()).isZero();
  }
}
