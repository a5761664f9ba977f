package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.NastyText;
import org.merganser.text.pretokenize.PreTokenizerSpec;

class TokenizerFolderTest {
  private static final PreTokenizerSpec GPT2 = new PreTokenizerSpec.ByteLevel(false, true, true);

  private static Tokenizer tokenizer() {
    return TokenizerBuilderTest.byteLevel(
        TokenizerBuilderTest.trained(
            List.of("<|endoftext|>"),
            "t h",
            "th e",
            "Ġ the",
            "a a",
            "aa aa",
            "i n",
            "in g",
            "\" Ċ"),
        List.of("<|endoftext|>"),
        null,
        GPT2,
        false);
  }

  private static Map<String, byte[]> files(Tokenizer tokenizer, String endOfDocument) {
    return TokenizerFolder.allFiles(
        tokenizer, tokenizer.toJson(), new TokenizerFolder.Marks(null, endOfDocument));
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  @Test
  void holdsAllSevenFilesInOrder() {
    Map<String, byte[]> files = files(tokenizer(), "<|endoftext|>");
    assertThat(files.keySet())
        .containsExactly(
            "merges.txt",
            "special_tokens_map.json",
            "token_bytes.npy",
            "tokenizer.json",
            "tokenizer.tiktoken",
            "tokenizer_config.json",
            "vocab.json");
    assertThat(files.get("tokenizer.json")).isEqualTo(tokenizer().toJson());
    assertThat(text(files, "merges.txt"))
        .isEqualTo("#version: 0.2\nt h\nth e\nĠ the\na a\naa aa\ni n\nin g\n\" Ċ\n");
    assertThat(text(files, "vocab.json"))
        .startsWith("{\"<|endoftext|>\":0,\"!\":1,\"\\\"\":2,\"#\":3,")
        .endsWith("\"in\":262,\"ing\":263,\"\\\"Ċ\":264}");
    assertThat(text(files, "special_tokens_map.json"))
        .isEqualTo("{\n  \"eos_token\": \"<|endoftext|>\"\n}\n");
    assertThat(text(files, "tokenizer_config.json"))
        .isEqualTo(
            """
            {
              "added_tokens_decoder": {
                "0": {
                  "content": "<|endoftext|>",
                  "lstrip": false,
                  "normalized": false,
                  "rstrip": false,
                  "single_word": false,
                  "special": true
                }
              },
              "clean_up_tokenization_spaces": false,
              "eos_token": "<|endoftext|>",
              "model_max_length": 1000000000000000019884624838656,
              "tokenizer_class": "PreTrainedTokenizerFast"
            }
            """);
  }

  @Test
  void ranksGiveTheSameIdsInJtokkit() {
    Tokenizer tokenizer = tokenizer();
    Map<byte[], Integer> ranks = new HashMap<>();
    for (String line : text(files(tokenizer, null), "tokenizer.tiktoken").split("\n")) {
      int space = line.indexOf(' ');
      ranks.put(
          Base64.getDecoder().decode(line.substring(0, space)),
          Integer.valueOf(line.substring(space + 1)));
    }
    assertThat(ranks).hasSize(tokenizer.idBound() - 1);
    Encoding jtokkit =
        Encodings.newLazyEncodingRegistry()
            .registerGptBytePairEncoding(
                new GptBytePairEncodingParams(
                    "mine",
                    Pattern.compile(
                        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
                            + " ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
                    ranks,
                    Map.of()))
            .getEncoding("mine")
            .orElseThrow();
    long seed = Seeds.next();
    Random random = new Random(seed);
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(40); k > 0; k--) {
        text.append("the aing\"\n".charAt(random.nextInt(10)));
      }
      IdBuffer ids = new IdBuffer(16);
      byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
      encoder.encode(utf8, 0, utf8.length, ids);
      assertThat(ids.toArray())
          .as("seed %d: %s", seed, text)
          .isEqualTo(jtokkit.encodeOrdinary(text.toString()).toArray());
    }
  }

  @Test
  void leavesRanksOutWhereTheyWouldMergeOtherwise() {
    // tiktoken would join ab and c; here only a and bc make abc.
    Tokenizer tokenizer =
        TokenizerBuilderTest.byteLevel(
            TokenizerBuilderTest.trained(List.of(), "a b", "b c", "a bc"),
            List.of(),
            null,
            GPT2,
            false);
    assertThat(files(tokenizer, null)).doesNotContainKey("tokenizer.tiktoken");
  }

  @Test
  void leavesOutRanksOfCharactersAndMergesThatBreakLines() {
    // This vocabulary merges tokens that hold a line end.
    Tokenizer tokenizer = TestTokenizers.characters().build();
    assertThat(files(tokenizer, null).keySet())
        .containsExactly(
            "special_tokens_map.json",
            "token_bytes.npy",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json");
  }

  @Test
  void refusesAnEndOfDocumentThatIsNoToken() {
    assertThatThrownBy(() -> files(tokenizer(), "<eod>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eos_token \"<eod>\" is not a token of the vocabulary");
  }

  private static int[] tokenBytes(Tokenizer tokenizer) {
    byte[] file =
        TokenizerFolder.requiredFiles(tokenizer, tokenizer.toJson())
            .get(TokenizerFolder.TOKEN_BYTES);
    ByteBuffer values = ByteBuffer.wrap(file, 128, file.length - 128);
    int[] lengths = new int[tokenizer.idBound()];
    values.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lengths);
    assertThat(file).hasSize(128 + 4 * lengths.length);
    return lengths;
  }

  @Test
  void theBytesOfTheTokensOfATextAreThoseOfTheText() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    byte[] text = NastyText.all().getBytes(StandardCharsets.UTF_8);
    IdBuffer ids = new IdBuffer(64);
    tokenizer.newEncoder(SpecialText.TEXT).encode(text, 0, text.length, ids);
    int[] lengths = tokenBytes(tokenizer);
    assertThat(Arrays.stream(ids.toArray()).map(id -> lengths[id]).sum()).isEqualTo(text.length);
  }

  @Test
  void aSpecialTokenHasNoBytesAndAPartOfACharacterHasItsOwn() {
    Tokenizer tokenizer = tokenizer();
    int[] lengths = tokenBytes(tokenizer);
    assertThat(lengths[tokenizer.id("<|endoftext|>")]).isZero();
    assertThat(lengths[tokenizer.id("Ã")]).isEqualTo(1);
    assertThat(lengths[tokenizer.id("Ġthe")]).isEqualTo(4);
    Tokenizer characters = Tokenizer.read(TestTokenizers.metaspace("é"), "characters");
    int[] ofCharacters = tokenBytes(characters);
    assertThat(ofCharacters[characters.id("▁")]).isEqualTo(1); // a space
    assertThat(ofCharacters[characters.id("<0xC3>")]).isEqualTo(1);
    assertThat(ofCharacters[characters.id("é")]).isEqualTo(2);
  }
}
