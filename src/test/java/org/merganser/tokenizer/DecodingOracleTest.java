package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.tokenizer.TestTokenizers.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;

/** Decoded text equals HF's for every decoder, and template ids equal HF's. */
class DecodingOracleTest {

  /** None takes U+FFFD away, which tells of a run of byte fallback that is not UTF-8. */
  static final List<String> STAGES = TestTokenizers.components("decoder-stages.json");

  @Test
  void textEqualsHfsForRandomChainsOfDecoders() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = Seeds.cases(300); i > 0; i--) {
      List<String> stages = new ArrayList<>();
      for (int k = 1 + random.nextInt(5); k > 0; k--) {
        stages.add(STAGES.get(random.nextInt(STAGES.size())));
      }
      String chain = "{'type':'Sequence','decoders':[" + String.join(",", stages) + "]}";
      TestTokenizers file =
          random.nextBoolean() ? TestTokenizers.characters() : TestTokenizers.bytes();
      file.with("decoder", chain).added(token("<s>", "s"), token("foo", ""));
      compare(seed, random, chain, file, false);
    }
  }

  @Test
  void textEqualsHfsForRandomIdsOfCharacters() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (String decoder : TestTokenizers.components("decoders.json")) {
      TestTokenizers file =
          TestTokenizers.characters()
              .with("decoder", decoder)
              .added(token("<s>", "s"), token("▁▁", ""), token("foo", "n"));
      compare(seed, random, decoder, file, false);
    }
  }

  @Test
  void textEqualsHfsForRandomIdsOfBytes() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    TestTokenizers file =
        TestTokenizers.bytes().added(token("<s>", "s"), token("foo bar", ""), token("中", ""));
    compare(seed, random, "ByteLevel", file, true);
  }

  /**
   * @param lossy whether HF's U+FFFD for ill-formed bytes is compared too: only where it puts one
   *     for each maximal part
   */
  private static void compare(
      long seed, Random random, String name, TestTokenizers file, boolean lossy) {
    byte[] json = file.json();
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    try (HfTokenizer hf = new HfTokenizer(json)) {
      for (int i = 0; i < 400; i++) {
        IdBuffer ids = new IdBuffer(16);
        for (int k = 1 + random.nextInt(12); k > 0; k--) {
          ids.add(random.nextInt(tokenizer.idBound()));
        }
        boolean skip = random.nextBoolean();
        String expected = hf.decode(ids.toArray(), skip);
        if (lossy || expected.indexOf('\uFFFD') < 0) {
          assertThat(text(tokenizer.decode(ids, skip)))
              .as("seed %d, %s: %s", seed, name, ids)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** As Rust makes text of bytes; the JDK takes an encoded surrogate for one part. */
  private static String text(byte[] bytes) {
    ByteBuilder text = new ByteBuilder(bytes.length);
    Utf8.replaceIllFormed(bytes, 0, bytes.length, text);
    return new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
  }

  @Test
  void templateIdsEqualHfs() {
    String template =
        "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}},"
            + "{'SpecialToken':{'id':'x','type_id':0}},{'Sequence':{'id':'A','type_id':0}},"
            + "{'SpecialToken':{'id':'</s>','type_id':0}}],'pair':[{'Sequence':{'id':'A','type_id':0}},"
            + "{'Sequence':{'id':'B','type_id':1}}],'special_tokens':{"
            + "'<s>':{'id':'<s>','ids':[1],'tokens':['<s>']},"
            + "'x':{'id':'x','ids':[7,8],'tokens':['a','b']},"
            + "'</s>':{'id':'</s>','ids':[2],'tokens':['</s>']}}}";
    Map<String, String> processors = new LinkedHashMap<>();
    processors.put("none", "null");
    processors.put("ByteLevel", TestTokenizers.DECODER);
    processors.put("Template", template);
    processors.put("Bert", "{'type':'BertProcessing','sep':['</s>',2],'cls':['<s>',1]}");
    processors.put(
        "Roberta",
        "{'type':'RobertaProcessing','sep':['</s>',2],'cls':['<s>',1],'trim_offsets':true,"
            + "'add_prefix_space':true}");
    processors.put(
        "Sequence",
        "{'type':'Sequence','processors':[" + TestTokenizers.DECODER + "," + template + "]}");
    for (Map.Entry<String, String> processor : processors.entrySet()) {
      byte[] json =
          TestTokenizers.characters()
              .with("post_processor", processor.getValue())
              .added(token("<s>", "s"), token("</s>", "s"))
              .json();
      Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
      try (HfTokenizer hf = new HfTokenizer(json)) {
        for (String text : new String[] {"", "abc", "<s>abc</s>"}) {
          for (boolean add : new boolean[] {true, false}) {
            assertThat(tokenizer.newTextEncoder(SpecialText.PARSE, add).encode(text))
                .as("%s, add %s: %s", processor.getKey(), add, text)
                .isEqualTo(hf.encode(text, add));
          }
        }
      }
    }
  }
}
