package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.json.SecondVersionConverter;
import org.merganser.tokenizer.parts.TokenizerException;

/** A damaged tokenizer.json is refused with a TokenizerException, or it encodes and decodes. */
class TokenizerFuzzTest {
  private static final byte[] TEXT =
      "The sun rises.  e\u0301 naïve 日本語 🌲\r\n\t<|s|> 12345 x".getBytes(UTF_8);

  /** Every component in a small file, in both versions of the format that have a form for it. */
  static byte[][] seeds() {
    Map<String, TestTokenizers> files = new LinkedHashMap<>(EncodingOracleTest.tokenizers());
    files.putAll(TestTokenizers.ofApplications());
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(TestTokenizers.bytes().added(TestTokenizers.token("<|s|>", "s")).json());
    seeds.add(TestTokenizers.characters().added(TestTokenizers.token("sun", "wlrn")).json());
    Random random = new Random(1);
    for (TestTokenizers file : files.values()) {
      byte[] json = file.tiny().json();
      seeds.add(json);
      try {
        seeds.add(SecondVersionConverter.convert(json, random));
      } catch (SecondVersionConverter.NoForm e) {
        continue;
      }
    }
    return seeds.toArray(byte[][]::new);
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrUsesAnyTokenizer(byte[] json) {
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizer.read(json, "tokenizer.json");
    } catch (TokenizerException documented) {
      Fuzz.requireNames(documented, "tokenizer.json");
      return;
    }
    IdBuffer ids = new IdBuffer(16);
    try {
      tokenizer.newEncoder(SpecialText.PARSE).encode(TEXT, 0, TEXT.length, ids);
    } catch (UnencodableException | RegexLimitException documented) {
      return;
    }
    for (int i = 0; i < ids.size(); i++) {
      if (ids.ids()[i] < 0 || ids.ids()[i] >= tokenizer.idBound()) {
        throw new AssertionError("id " + ids.ids()[i] + " of " + tokenizer.idBound());
      }
    }
    tokenizer.decode(ids, false);
    Tokenizer.read(tokenizer.toJson(), "what was written");
  }

  @Test
  @Tag("random")
  void refusesOrUsesADamagedTokenizer() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrUsesAnyTokenizer, seeds());
  }
}
