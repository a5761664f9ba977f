package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

final class PretokenEncoderTest {
  private static List<String> tokens(Tokenizer tokenizer, byte[] bytes) {
    List<String> tokens = new ArrayList<>();
    for (int id : new PretokenEncoder(tokenizer).ids(bytes)) {
      tokens.add(tokenizer.token(id));
    }
    return tokens;
  }

  private static List<String> tokens(Tokenizer tokenizer, String text) {
    return tokens(tokenizer, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anyBytesAreOnePretokenOfAByteLevelVocabulary() {
    Tokenizer tokenizer = TestTokenizers.bytes().added(TestTokenizers.token("<|x|>", "s")).build();
    Random random = new Random(Seeds.next());
    for (int i = 0; i < Seeds.cases(400); i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = (byte) (random.nextBoolean() ? ' ' + random.nextInt(95) : random.nextInt(256));
      }
      assertThat(new PretokenEncoder(tokenizer).ids(bytes))
          .as("%s", List.of(bytes))
          .isEqualTo(NaiveBpe.ids(tokenizer, bytes));
    }
    assertThat(tokens(tokenizer, "<|x|>")).contains("<").doesNotContain("<|x|>");
    assertThat(tokens(tokenizer, "")).isEmpty();
  }

  @Test
  void aByteLevelNormalizerWritesTheBytesAsCharacters() {
    Tokenizer plain = TestTokenizers.bytes().build();
    Tokenizer normalizing =
        TestTokenizers.bytes()
            .with("normalizer", "{'type':'ByteLevel'}")
            .with("pre_tokenizer", "null")
            .build();
    byte[] bytes = {' ', 'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF};
    assertThat(tokens(normalizing, bytes)).isEqualTo(tokens(plain, bytes));
  }

  @Test
  void aSpaceIsTheMarkThatTheTokenizerWritesForIt() {
    String replaces = "{'type':'Replace','pattern':{'String':' '},'content':'▁'}";
    Tokenizer normalizer =
        TestTokenizers.characters()
            .with(
                "normalizer",
                "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},"
                    + replaces
                    + "]}")
            .build();
    Tokenizer metaspace =
        TestTokenizers.characters()
            .with(
                "pre_tokenizer",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}")
            .build();
    assertThat(tokens(normalizer, " ")).containsExactly("▁");
    assertThat(tokens(metaspace, " ")).containsExactly("▁");
    assertThat(String.join("", tokens(normalizer, "a b"))).isEqualTo("a▁b");
    assertThat(tokens(metaspace, " a b")).isEqualTo(tokens(normalizer, " a b"));
  }

  @Test
  void bytesThatAreNoTextFallBackAndTheUnknownTokenIsNone() {
    Tokenizer fallback = TestTokenizers.characters().build();
    byte[] bytes = {'a', (byte) 0xE3, (byte) 0x81, 'a'};
    assertThat(tokens(fallback, bytes)).containsExactly("a", "<0xE3>", "<0x81>", "a");
    Tokenizer unknown = TestTokenizers.characters().model("byte_fallback", "false").build();
    assertThat(tokens(unknown, bytes)).containsExactly("a", "a");
    assertThat(tokens(unknown, "a\uE001")).containsExactly("a");
    assertThat(tokens(unknown, "\uE001")).isEmpty();
  }
}
