package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.tokenizer.TestTokenizers.token;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.IdBuffer;

class SpecialTextTest {
  private static final Tokenizer TOKENIZER =
      TestTokenizers.bytes()
          .added(token("<|end|>", "s"), token("car", ""), token("<|end|>x<|end|>", "ns"))
          .build();

  private static List<String> tokens(SpecialText specialText, String text) {
    IdBuffer ids = new IdBuffer(16);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    TOKENIZER.newEncoder(specialText).encode(utf8, 0, utf8.length, ids);
    return IntStream.of(ids.toArray()).mapToObj(TOKENIZER::token).toList();
  }

  @Test
  void specialTokensInTextAreTextByDefaultAndOtherAddedTokensAlwaysMatch() {
    assertThat(tokens(SpecialText.TEXT, "car<|end|>car"))
        .startsWith("car", "<")
        .endsWith("car")
        .doesNotContain("<|end|>");
  }

  @Test
  void parseGivesTheToken() {
    assertThat(tokens(SpecialText.PARSE, "car<|end|>car")).containsExactly("car", "<|end|>", "car");
  }

  @Test
  void rejectNamesTheTokenAndItsOffsetAndLeavesTheBufferAsItWas() {
    IdBuffer ids = new IdBuffer(16);
    ids.add(77);
    byte[] text = "..éé car <|end|>".getBytes(StandardCharsets.UTF_8);
    Encoder encoder = TOKENIZER.newEncoder(SpecialText.REJECT);
    // The document begins at byte 2: the offset counts from there.
    assertThatThrownBy(() -> encoder.encode(text, 2, text.length, ids))
        .isInstanceOfSatisfying(
            SpecialTextException.class,
            e -> {
              assertThat(e.token()).isEqualTo("<|end|>");
              assertThat(e.offset()).isEqualTo(9);
            });
    assertThat(ids.toArray()).containsExactly(77);
    encoder.encode(text, 2, 10, ids);
    assertThat(ids.size()).isGreaterThan(1);
  }

  @Test
  void aMatchOfSpecialTextIsPassedOverWhole() {
    // As HF's encode_special_tokens: "car" inside of a longer special match is not looked for.
    Tokenizer tokenizer =
        TestTokenizers.bytes().added(token("<car>", "s"), token("car", "")).build();
    IdBuffer ids = new IdBuffer(16);
    byte[] utf8 = "<car>".getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, ids);
    assertThat(ids.toArray()).doesNotContain(tokenizer.id("car"), tokenizer.id("<car>"));
  }

  @Test
  void whatIsListedOnceAsSpecialIsSpecialWhateverTheLaterEntrySays() {
    // HF keeps a set of the contents that were said to be special, and writes the last entry.
    for (String later : new String[] {"", "s"}) {
      Tokenizer tokenizer =
          TestTokenizers.bytes()
              .added(token("<|end|>", later.isEmpty() ? "s" : ""), token("<|end|>", later))
              .build();
      byte[] utf8 = "<|end|>".getBytes(StandardCharsets.UTF_8);
      IdBuffer ids = new IdBuffer(16);
      tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, ids);
      assertThat(ids.toArray()).doesNotContain(tokenizer.id("<|end|>"));
      assertThat(tokenizer.addedTokens().get(0).special()).isEqualTo(!later.isEmpty());
    }
  }

  @Test
  void aTokenOfWhiteSpaceThatRstripSwallowedIsDropped() {
    // HF's library crashes here ("AddedVocabulary bad split").
    Tokenizer tokenizer = TestTokenizers.bytes().added(token("x", "r"), token(" ", "l")).build();
    IdBuffer ids = new IdBuffer(16);
    byte[] utf8 = "x   y z".getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, ids);
    assertThat(IntStream.of(ids.toArray()).mapToObj(tokenizer::token).toList())
        .containsExactly("x", "y", " ", "z");
  }
}
