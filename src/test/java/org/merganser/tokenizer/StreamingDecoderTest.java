package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.merganser.tokenizer.TestTokenizers.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;

/** What comes piece by piece is what decoding gives at once. */
class StreamingDecoderTest {

  private static Map<String, TestTokenizers> tokenizers(Random random) {
    Map<String, TestTokenizers> all = new LinkedHashMap<>(TestTokenizers.ofApplications());
    for (String decoder : TestTokenizers.components("decoders.json")) {
      all.put(decoder, TestTokenizers.characters().with("decoder", decoder));
    }
    for (int i = 0; i < 150; i++) {
      List<String> stages = new ArrayList<>();
      for (int k = 1 + random.nextInt(4); k > 0; k--) {
        stages.add(DecodingOracleTest.STAGES.get(random.nextInt(DecodingOracleTest.STAGES.size())));
      }
      String chain = "{'type':'Sequence','decoders':[" + String.join(",", stages) + "]}";
      TestTokenizers file =
          random.nextBoolean() ? TestTokenizers.characters() : TestTokenizers.bytes();
      all.put(chain, file.with("decoder", chain));
    }
    all.values().forEach(file -> file.added(token("<end>", "s"), token("", "")));
    return all;
  }

  @Test
  void piecesAndEndAreTheDecodedTextForEachBeginningOfTheIds() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> entry : tokenizers(random).entrySet()) {
      Tokenizer tokenizer = entry.getValue().build();
      for (int i = 0; i < 60; i++) {
        int[] ids =
            random.nextBoolean()
                ? tokenizer.encode(NastyText.forTokenizers(random, 6))
                : random.ints(1 + random.nextInt(12), 0, tokenizer.idBound()).toArray();
        boolean skip = random.nextBoolean();
        StreamingDecoder decoder = tokenizer.newStreamingDecoder(skip);
        for (int count = 0; count <= ids.length; count++) {
          StringBuilder text = new StringBuilder();
          for (int k = 0; k < count; k++) {
            text.append(decoder.add(ids[k]));
          }
          text.append(decoder.end());
          int[] taken = Arrays.copyOf(ids, count);
          assertThat(text.toString())
              .as("seed %d, %s: %s", seed, entry.getKey(), Arrays.toString(taken))
              .isEqualTo(tokenizer.decode(taken, skip));
        }
      }
    }
  }

  /** The last piece of a text is not needed to give the one before it. */
  @Test
  void decodersOfApplicationsHoldBackNothingButUnfinishedCharacters() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      Tokenizer tokenizer = entry.getValue().build();
      if (tokenizer.decoder() == null) {
        continue;
      }
      for (int i = 0; i < 100; i++) {
        int[] ids = tokenizer.encode(NastyText.forTokenizers(random, 10));
        StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < ids.length; k++) {
          text.append(decoder.add(ids[k]));
          String whole = tokenizer.decode(Arrays.copyOf(ids, k + 1));
          assertThat(text.toString())
              .as("seed %d, %s: %s", seed, entry.getKey(), Arrays.toString(ids))
              .isEqualTo(whole.replaceAll("\uFFFD$", whole.equals(text.toString()) ? "$0" : ""));
        }
      }
    }
  }

  @Test
  void aCharacterComesWithItsLastByte() {
    Tokenizer tokenizer = TestTokenizers.bytes().model("merges", "[]").build();
    int[] ids = tokenizer.encode("a🙂é");
    List<String> pieces = new ArrayList<>();
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
    for (int id : ids) {
      pieces.add(decoder.add(id));
    }
    assertThat(pieces).containsExactly("a", "", "", "", "🙂", "", "é");
    assertThat(decoder.end()).isEmpty();
    assertThat(decoder.add(ids[1]) + decoder.add(ids[0])).isEqualTo("\uFFFDa");
    assertThat(decoder.add(ids[1]) + decoder.end()).isEqualTo("\uFFFD");
  }

  @Test
  void refusesAnIdWithoutATokenAndGoesOn() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoder.add(99_999))
        .withMessage("id 99999 has no token; the tokenizer's ids are below " + tokenizer.idBound());
    assertThat(decoder.add(tokenizer.id("a"))).isEqualTo("a");
  }
}
