package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.tokenizer.TestTokenizers.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.NastyText;
import org.merganser.text.scan.SplitPattern;

class LosslessTest {
  private static final Tokenizer BYTES =
      TestTokenizers.bytes()
          .added(
              token("<|endoftext|>", "s"), token("café", ""), token("é🙂", ""), token("foo", "w"))
          .build();

  private final Encoder encoder = BYTES.newEncoder(SpecialText.PARSE);
  private final IdBuffer ids = new IdBuffer(16);

  private byte[] roundTrip(byte[] document) {
    ids.clear();
    encoder.encodeBytes(document, 0, document.length, ids);
    assertThat(encoder.countBytes(document, 0, document.length)).isEqualTo(ids.size());
    return BYTES.decode(ids, false);
  }

  @Test
  void everyOneAndTwoByteStringComesBack() {
    for (int a = 0; a < 256; a++) {
      assertThat(roundTrip(new byte[] {(byte) a})).containsExactly(a);
      for (int b = 0; b < 256; b++) {
        byte[] document = {(byte) a, (byte) b};
        if (!Arrays.equals(roundTrip(document), document)) {
          assertThat(roundTrip(document)).as("%02x %02x", a, b).isEqualTo(document);
        }
      }
    }
  }

  @Test
  void allOfUnicodeComesBack() {
    ByteBuilder all = new ByteBuilder(1 << 22);
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    byte[] document = all.toByteArray();
    assertThat(Arrays.equals(roundTrip(document), document)).isTrue();
    ids.clear();
    encoder.encode(document, 0, document.length, ids);
    assertThat(Arrays.equals(BYTES.decode(ids, false), document)).isTrue();
  }

  @Test
  void randomBytesComeBack() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] document = NastyText.forTokenizers(random, 12).getBytes(StandardCharsets.UTF_8);
      for (int k = random.nextInt(4); k > 0 && document.length > 0; k--) {
        document[random.nextInt(document.length)] = (byte) random.nextInt(256);
      }
      if (i % 10 == 0) {
        random.nextBytes(document);
      }
      assertThat(roundTrip(document)).as("seed %d, document %d", seed, i).isEqualTo(document);
    }
  }

  @Test
  void wellFormedTextHasTheSameIdsByBothWays() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] document = NastyText.forTokenizers(random, 20).getBytes(StandardCharsets.UTF_8);
      ids.clear();
      encoder.encode(document, 0, document.length, ids);
      int[] expected = ids.toArray();
      ids.clear();
      encoder.encodeBytes(document, 0, document.length, ids);
      assertThat(ids.toArray()).as("seed %d, document %d", seed, i).isEqualTo(expected);
      assertThat(encoder.count(document, 0, document.length)).isEqualTo(ids.size());
    }
  }

  @Test
  void anIllFormedByteIsAPretokenOfItsOwn() {
    byte[] document = {'a', (byte) 0xE2, (byte) 0x82, 'a', (byte) 0xFF};
    ids.clear();
    encoder.encodeBytes(document, 0, document.length, ids);
    assertThat(ids.toArray())
        .containsExactly(BYTES.id("a"), BYTES.id("â"), BYTES.id("Ĥ"), BYTES.id("a"), BYTES.id("ÿ"));
  }

  @Test
  void byteFallbackTakesIllFormedBytesToo() {
    Tokenizer tokenizer =
        TestTokenizers.characters()
            .with(
                "decoder",
                "{'type':'Sequence','decoders':[{'type':'ByteFallback'},{'type':'Fuse'}]}")
            .build();
    byte[] document = {'a', (byte) 0xFF, 'b', (byte) 0xC3};
    IdBuffer out = new IdBuffer(8);
    tokenizer.newEncoder(SpecialText.TEXT).encodeBytes(document, 0, document.length, out);
    assertThat(out.toArray())
        .containsExactly(
            tokenizer.id("a"), tokenizer.id("<0xFF>"), tokenizer.id("b"), tokenizer.id("<0xC3>"));
    assertThat(tokenizer.decode(out, false)).isEqualTo(document);
    assertThat(tokenizer.missingBytes()).isEmpty();
  }

  @Test
  void aVocabularyThatLacksBytesSaysWhichAndRefusesTheirText() {
    Tokenizer tokenizer = withoutBytes();
    assertThat(tokenizer.missingBytes()).containsExactly(0xC3, 0xF1);
    Encoder lacking = tokenizer.newEncoder(SpecialText.TEXT);
    IdBuffer out = new IdBuffer(8);
    out.add(5);
    byte[] document = "..hello é".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> lacking.encode(document, 2, document.length, out))
        .isInstanceOfSatisfying(
            UnencodableException.class,
            e -> {
              assertThat(e.character()).isEqualTo("byte 0xC3");
              assertThat(e.offset()).isEqualTo(6);
              assertThat(e).hasMessageContaining("encoding would lose it");
            });
    assertThat(out.toArray()).containsExactly(5);
    byte[] bad = {'a', (byte) 0xF1};
    assertThatThrownBy(() -> lacking.encodeBytes(bad, 0, 2, out))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("byte 0xF1 (at byte 1");
    lacking.encode(document, 0, 8, out);
    assertThat(out.size()).isGreaterThan(1);
  }

  private static Tokenizer withoutBytes() {
    return TestTokenizers.bytes()
        .model(
            "vocab", "{'h':0,'e':1,'l':2,'o':3,'.':4,'a':5,'Ġ':6,'©':7}".replace("{", "{" + rest()))
        .model("merges", "[]")
        .build();
  }

  /** All other bytes but 0xC3 and 0xF1. */
  private static String rest() {
    StringBuilder entries = new StringBuilder();
    int id = 10;
    for (int b = 0; b < 256; b++) {
      String letter = String.valueOf(org.merganser.text.unicode.ByteAlphabet.toChar(b));
      if (b != 0xC3 && b != 0xF1 && !"helo.aĠ©".contains(letter)) {
        entries.append(letter.equals("\"") || letter.equals("\\") ? "'\\" : "'");
        entries
            .append(letter.equals("'") ? "\\u0027" : letter)
            .append("':")
            .append(id++)
            .append(',');
      }
    }
    return entries.toString();
  }

  @Test
  void aVocabularyOfCharactersRefusesOthers() {
    Tokenizer tokenizer =
        TestTokenizers.characters()
            .model("unk_token", "null")
            .model("byte_fallback", "false")
            .build();
    byte[] text = "a𐐁".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                tokenizer
                    .newEncoder(SpecialText.TEXT)
                    .encode(text, 0, text.length, new IdBuffer(8)))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("U+10401 \"𐐁\" (at byte 1");
    assertThat(tokenizer.missingBytes()).hasSize(256);
  }

  @Test
  void anEncoderMayRefuseAByteThatHasNeitherATokenNorACharacter() {
    String split = "{'type':'Split','pattern':{'Regex':%s},'behavior':'Isolated','invert':false}";
    String regex = TestTokenizers.JSON.valueToTree(SplitPattern.GPT2.regex()).toString();
    String gpt2 = split.formatted(regex.replace("'", "\\u0027"));
    byte[] document = {'a', (byte) 0xFF};
    IdBuffer out = new IdBuffer(8);
    Encoder fallingBack =
        TestTokenizers.characters()
            .with("pre_tokenizer", gpt2)
            .build()
            .newEncoder(SpecialText.TEXT);
    assertThat(fallingBack.mayRefuse()).isFalse();
    fallingBack.encodeBytes(document, 0, document.length, out);
    Encoder unknowing =
        TestTokenizers.characters()
            .with("pre_tokenizer", gpt2)
            .model("byte_fallback", "false")
            .build()
            .newEncoder(SpecialText.TEXT);
    assertThat(unknowing.mayRefuse()).isTrue();
    assertThatThrownBy(() -> unknowing.encodeBytes(document, 0, document.length, out))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("byte 0xFF (at byte 1");
  }

  @Test
  void anAddedTokenOfByteLettersComesBackAsNormalizedText() {
    String replace = "{'type':'Replace','pattern':{'Regex':'\\\\s'},'content':'Ġ'}";
    for (String flags : List.of("n", "ns")) {
      Tokenizer tokenizer =
          TestTokenizers.bytes()
              .with("normalizer", replace)
              .added(TestTokenizers.token("new york", flags))
              .build();
      // The token, and the text that the normalizer makes of white space elsewhere, come back
      // alike.
      assertThat(tokenizer.decode(tokenizer.encode("a new york a"))).isEqualTo("aĠnewĠyorkĠa");
      int id = tokenizer.id("new york");
      assertThat(tokenizer.decode(new int[] {id})).isEqualTo("newĠyork");
      assertThat(tokenizer.newTextEncoder(SpecialText.PARSE, false).encode("new york"))
          .containsExactly(id);
    }
  }

  @Test
  void decodingRefusesAnIdWithoutAToken() {
    IdBuffer out = new IdBuffer(8);
    out.add(0);
    out.add(BYTES.idBound());
    assertThatThrownBy(() -> BYTES.decode(out, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "id %d at place 1 has no token; the tokenizer's ids are below %d",
            BYTES.idBound(), BYTES.idBound());
  }

  @Test
  void bytesOfIdsJoinToTheText() {
    String text = "the café 中文 é🙂 <|endoftext|>";
    ids.clear();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    encoder.encode(utf8, 0, utf8.length, ids);
    ByteBuilder joined = new ByteBuilder(64);
    for (int id : ids.toArray()) {
      byte[] bytes = BYTES.bytes(id);
      joined.append(bytes, 0, bytes.length);
    }
    assertThat(joined.toByteArray()).isEqualTo(utf8);
    assertThat(List.of(BYTES.token(ids.ids()[ids.size() - 1]))).containsExactly("<|endoftext|>");
  }

  @Test
  void bytesOfAnIdAreThoseThatDecodingGives() {
    Tokenizer tokenizer =
        TestTokenizers.bytes().added(token("<|endoftext|>", "s"), token("café", "")).build();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      byte[] before = tokenizer.bytes(id);
      ids.clear();
      ids.add(id);
      assertThat(before).isEqualTo(tokenizer.decode(ids, false));
      assertThat(before).isEqualTo(tokenizer.bytes(id));
    }
  }
}
