package org.merganser.text.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.TestResources;
import org.merganser.text.HfLibrary;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

/** Precompiled, and the grapheme clusters that it goes by, against HF Rust. */
final class PrecompiledOracleTest {
  /** Short clusters of every kind, and what they are made of. */
  private static final List<String> PARTS = TestResources.list("text/normalize/cluster-parts.json");

  @Test
  void equalsHfForRandomMaps() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int m = 0; m < 40; m++) {
      Map<String, String> map = new LinkedHashMap<>();
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        map.put(part(random), random.nextInt(4) == 0 ? "" : part(random) + part(random));
      }
      NormalizerSpec spec = new NormalizerSpec.Precompiled(Charsmaps.of(map));
      Normalizer ours = spec.build();
      try (HfOracle hf = HfOracle.of(spec)) {
        for (int i = 0; i < 60; i++) {
          StringBuilder text = new StringBuilder();
          for (int k = random.nextInt(12); k > 0; k--) {
            text.append(random.nextInt(5) == 0 ? NastyText.forComponents(random, 1) : part(random));
          }
          assertThat(NormalizerOracleTest.apply(ours, text.toString()))
              .as("seed %d, %s: %s", seed, map, NormalizationTexts.hex(text.toString()))
              .isEqualTo(hf.rewrite(text.toString()));
        }
      }
    }
  }

  private static String part(Random random) {
    return PARTS.get(random.nextInt(PARTS.size()));
  }

  @Test
  void findsTheClustersOfScalarValuesAsHfDoes() {
    compareScalars(false);
  }

  @Test
  @Tag("soak")
  void findsTheClustersOfEveryScalarValueAsHfDoes() {
    compareScalars(true);
  }

  /** What stands behind a letter of the map, or before it, is lost where it joins a cluster. */
  private static void compareScalars(boolean all) {
    assumeTrue(HfLibrary.inDjl(), "NOT COMPARED: newer builds have the clusters of Unicode 17");
    NormalizerSpec spec =
        new NormalizerSpec.Precompiled(Charsmaps.of(Map.of("a", "X", "©", "Y", "\u200D", "Z")));
    Normalizer ours = spec.build();
    try (HfOracle hf = HfOracle.of(spec)) {
      for (String before : new String[] {"a", "©\u200D", "क\u094D"}) {
        Scalars.texts(
            all,
            before,
            "a",
            c -> true,
            text ->
                assertThat(NormalizerOracleTest.apply(ours, text))
                    .as("from U+%04X", text.isEmpty() ? 0 : text.codePointAt(before.length()))
                    .isEqualTo(hf.rewrite(text)));
      }
    }
  }
}
