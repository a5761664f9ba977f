package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.parts.AddedToken;

/** The pretokens that are counted in training. */
class TrainingPretokenizerTest {
  private static List<String> pretokens(String text, AddedToken... added) {
    List<String> found = new ArrayList<>();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    new TrainingPretokenizer(
            null, new PreTokenizerSpec.ByteLevel(false, true, true), List.of(added))
        .split(
            utf8,
            0,
            utf8.length,
            (bytes, start, ends, count) -> {
              for (int i = 0, from = start; i < count; from = ends[i++]) {
                found.add(new String(bytes, from, ends[i] - from, StandardCharsets.UTF_8));
              }
            });
    return found;
  }

  @Test
  void theTextOfAnAddedTokenIsCutOutAndNotCounted() {
    assertThat(pretokens("a car by a car")).containsExactly("a", " car", " by", " a", " car");
    assertThat(pretokens("a car by a car", TestTokenizers.token("car", "")))
        .containsExactly("a", " ", " by", " a", " ");
    assertThat(pretokens("a<x>b", TestTokenizers.token("<x>", "s"))).containsExactly("a", "b");
  }
}
