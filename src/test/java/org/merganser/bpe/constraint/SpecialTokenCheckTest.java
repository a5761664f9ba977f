package org.merganser.bpe.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.constraint.SpecialTokenCheck.Finding;

class SpecialTokenCheckTest {

  /** Pretokens are runs of letters and runs of anything else. */
  private static int pretokens(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).split("(?<=\\w)(?=\\W)|(?<=\\W)(?=\\w)").length;
  }

  @Test
  void namesTheTokenAndTheReason() {
    assertThat(
            SpecialTokenCheck.before(
                List.of("<|end|>", "a", "Ġ", "end", "end", "Ċ!", "🌲", "Ġa"),
                SpecialTokenCheckTest::pretokens))
        .containsExactly(
            new Finding("a", "is how byte 0x61 is written in the vocabulary"),
            new Finding("Ġ", "is how byte 0x20 is written in the vocabulary"),
            new Finding("end", "is a single pretoken in byte-level form, so merges could make it"),
            new Finding("Ċ!", "is a single pretoken in byte-level form, so merges could make it"),
            new Finding("🌲", "is a single pretoken, so merges could make a token of its text"));
  }
}
