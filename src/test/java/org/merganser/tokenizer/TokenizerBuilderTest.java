package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerException;

public class TokenizerBuilderTest {
  private static final PreTokenizerSpec GPT2 = new PreTokenizerSpec.ByteLevel(false, true, true);

  /** A vocabulary of special tokens, the bytes and merges of single letters. */
  public static TrainedBpe trained(List<String> specials, String... pairs) {
    List<String> tokens = new ArrayList<>(specials);
    for (int c = 0; c < 0x200; c++) {
      if (ByteAlphabet.toByte(c) >= 0) {
        tokens.add(Character.toString(c));
      }
    }
    int[] merges = new int[2 * pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      String[] sides = pairs[i].split(" ");
      merges[2 * i] = tokens.indexOf(sides[0]);
      merges[2 * i + 1] = tokens.indexOf(sides[1]);
      if (!tokens.contains(sides[0] + sides[1])) {
        tokens.add(sides[0] + sides[1]);
      }
    }
    return new TrainedBpe(tokens, merges);
  }

  /** A tokenizer of what was trained, as one call. */
  public static Tokenizer byteLevel(
      TrainedBpe trained,
      List<String> specialTokens,
      @Nullable NormalizerSpec normalizer,
      PreTokenizerSpec preTokenizer,
      boolean ignoreMerges) {
    return TokenizerBuilder.of(trained, preTokenizer)
        .specialTokens(specialTokens)
        .normalizer(normalizer)
        .ignoreMerges(ignoreMerges)
        .build();
  }

  @Test
  void makesTheTrainersSpecialTokensAddedTokens() {
    Tokenizer tokenizer =
        byteLevel(
            trained(List.of("<|endoftext|>"), "a b"),
            List.of("<|endoftext|>", "<|endoftext|>"),
            new NormalizerSpec.Nfc(),
            GPT2,
            true);
    assertThat(tokenizer.addedTokens()).containsExactly(AddedToken.special(0, "<|endoftext|>"));
    assertThat(tokenizer.idBound()).isEqualTo(258);
    assertThat(tokenizer.model().options().ignoreMerges()).isTrue();
    assertThat(tokenizer.normalizer()).isEqualTo(new NormalizerSpec.Nfc());
    Tokenizer again = Tokenizer.read(tokenizer.toJson(), "tokenizer.json");
    assertThat(again.toJson()).isEqualTo(tokenizer.toJson());
    assertThat(again.warnings()).isEmpty();
  }

  @Test
  void padsAfterTheVocabularyAndAddedTokensToAMultiple() {
    Tokenizer tokenizer =
        TokenizerBuilder.of(trained(List.of(), "a b"), GPT2)
            .addedTokens(List.of(new AddedToken(0, "🌲", false, false, false, false, false)))
            .padTo(64)
            .build();
    assertThat(tokenizer.id("🌲")).isEqualTo(257);
    assertThat(tokenizer.id("<|padding_0|>")).isEqualTo(258);
    assertThat(tokenizer.idBound()).isEqualTo(320);
    assertThat(tokenizer.token(319)).isEqualTo("<|padding_61|>");
    assertThat(tokenizer.warnings()).isEmpty();
    assertThat(Tokenizer.read(tokenizer.toJson(), "t").warnings()).isEmpty();
  }

  @Test
  void padsNothingWhereTheSizeFits() {
    Tokenizer tokenizer = TokenizerBuilder.of(trained(List.of()), GPT2).padTo(64).build();
    assertThat(tokenizer.idBound()).isEqualTo(256);
    assertThat(tokenizer.addedTokens()).isEmpty();
  }

  @Test
  void refusesASpecialTokenThatAMergeMakes() {
    TrainedBpe trained = trained(List.of("<a"), "< a");
    assertThatThrownBy(() -> byteLevel(trained, List.of("<a"), null, GPT2, false))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(
            "specialTokens: \"<a\" is made by a merge of ordinary text; choose one such as"
                + " \"<|<a|>\", or set allowMergeableSpecialTokens");
    assertThat(
            TokenizerBuilder.of(trained, GPT2)
                .specialTokens(List.of("<a"))
                .allowMergeableSpecialTokens()
                .build()
                .addedTokens())
        .hasSize(1);
  }

  @Test
  void refusesASpecialTokenThatIsOnePretoken() {
    TrainedBpe trained = trained(List.of("end", "Ġend"));
    for (String special : trained.tokens().subList(0, 2)) {
      assertThatThrownBy(() -> byteLevel(trained, List.of(special), null, GPT2, false))
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("is a single pretoken in byte-level form");
    }
  }

  @Test
  void refusesALetterOfTheAlphabet() {
    assertThatThrownBy(() -> byteLevel(trained(List.of()), List.of("é"), null, GPT2, false))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("is how byte 0xE9 is written");
  }

  @Test
  void refusesASpecialTokenThatWasNotTrained() {
    assertThatThrownBy(() -> byteLevel(trained(List.of()), List.of("<e>"), null, GPT2, false))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(
            "special token \"<e>\" is not in the trained vocabulary; give it to the trainer");
  }

  @Test
  void refusesAPreTokenizerThatDoesNotMakeBytes() {
    assertThatThrownBy(
            () -> TokenizerBuilder.of(trained(List.of()), new PreTokenizerSpec.Whitespace()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must end with ByteLevel");
  }
}
