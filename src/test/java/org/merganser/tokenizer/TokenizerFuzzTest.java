package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.parts.TokenizerException;

/** A damaged tokenizer.json is refused with a TokenizerException, or it encodes and decodes. */
class TokenizerFuzzTest {
  private static final byte[] TEXT =
      "The sun rises.  e\u0301 naïve 日本語 🌲\r\n\t<|s|> 12345 x".getBytes(UTF_8);

  static byte[][] seeds() {
    String[] patterns = {
      "{'type':'Split','pattern':{'Regex':'\\\\p{L}+|\\\\s+(?!\\\\S)|[^\\\\s]'},"
          + "'behavior':'Isolated','invert':false}",
      "{'type':'Sequence','pretokenizers':[{'type':'Digits','individual_digits':true},"
          + TestTokenizers.PLAIN_BYTE_LEVEL
          + "]}"
    };
    return new byte[][] {
      TestTokenizers.bytes().added(TestTokenizers.token("<|s|>", "s")).json(),
      TestTokenizers.bytes()
          .with("normalizer", "{'type':'Sequence','normalizers':[{'type':'NFC'}]}")
          .with("pre_tokenizer", patterns[0])
          .json(),
      TestTokenizers.bytes().with("pre_tokenizer", patterns[1]).json(),
      TestTokenizers.characters()
          .with("normalizer", "{'type':'Replace','pattern':{'String':' '},'content':'▁'}")
          .added(TestTokenizers.token("sun", "wlrn"))
          .json()
    };
  }

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrUsesAnyTokenizer(byte[] json) {
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizer.read(json, "tokenizer.json");
    } catch (TokenizerException documented) {
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
