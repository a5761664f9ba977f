package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.tokenizer.TestTokenizers.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.HfLibrary;
import org.merganser.text.NastyText;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerException;

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

  private static final List<String> NORMALIZERS = TestTokenizers.components("normalizers.json");

  /** Of byte letters: these come after a normalizer and no pre-tokenizer writes them. */
  private static final String BYTE_LEVEL = "{'type':'ByteLevel'}";

  @Test
  void anAddedTokenThatAByteLevelNormalizerSpellsComesBack() {
    byte[] json =
        TestTokenizers.bytes()
            .model("merges", "[]")
            .with("normalizer", BYTE_LEVEL)
            .with("pre_tokenizer", "null")
            .added(token("д", "n"), token("new york", "n"), token("é", "n"), token("èx", ""))
            .json();
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    for (String text : List.of("aдb", "in new york!", "дд new yorknew york é èx", "new yörk")) {
      int[] ids = tokenizer.encode(text);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
      StreamingDecoder decoder = tokenizer.newStreamingDecoder(false);
      StringBuilder pieces = new StringBuilder();
      for (int id : ids) {
        pieces.append(decoder.add(id));
      }
      assertThat(pieces.append(decoder.end()).toString()).isEqualTo(text);
    }
    assertThat(tokenizer.bytes(tokenizer.id("д"))).asString(StandardCharsets.UTF_8).isEqualTo("д");
    assertThat(tokenizer.missingBytes()).isEmpty();
  }

  @Test
  @Tag("random")
  void textEqualsHfsForRandomAddedTokensNormalizersAndDecoders() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int compared = 0;
    for (int i = Seeds.cases(150); i > 0; i--) {
      TestTokenizers file = randomTokenizer(random);
      Tokenizer tokenizer;
      try {
        tokenizer = file.build();
      } catch (TokenizerException twins) {
        assertThat(twins).hasMessageContaining("after normalization");
        continue;
      }
      if (tokenizer.addedTokens().stream().noneMatch(t -> isTakenForBytes(t, tokenizer))) {
        compared += compareEncoded(seed, random, file, tokenizer);
      }
    }
    assertThat(compared).as("seed %d", seed).isPositive();
  }

  /** One of the small models after random normalizers; its added tokens are random texts. */
  private static TestTokenizers randomTokenizer(Random random) {
    List<String> normalizers = new ArrayList<>();
    for (int k = random.nextInt(3); k > 0; k--) {
      normalizers.add(NORMALIZERS.get(1 + random.nextInt(NORMALIZERS.size() - 1)));
    }
    boolean bytes = random.nextInt(3) > 0;
    TestTokenizers file = bytes ? TestTokenizers.bytes() : TestTokenizers.characters();
    if (bytes && random.nextInt(3) > 0) {
      normalizers.add(random.nextInt(normalizers.size() + 1), BYTE_LEVEL);
      file.with("pre_tokenizer", "null");
    }
    file.with("normalizer", "{'type':'Sequence','normalizers':" + normalizers + "}");
    List<String> stages = new ArrayList<>();
    for (int k = random.nextInt(4); k > 0; k--) {
      stages.add(STAGES.get(random.nextInt(STAGES.size())));
    }
    // What these write into an added token, HF's ByteLevel would take for bytes, ours would not.
    stages.removeIf(s -> s.matches(".*\"Replace\".*[éĠ].*"));
    if (!bytes || random.nextInt(3) == 0) {
      file.with("decoder", "{'type':'Sequence','decoders':" + stages + "}");
    }
    Set<String> contents = new HashSet<>();
    for (int k = 1 + random.nextInt(6); k > 0; k--) {
      String content = NastyText.forTokenizers(random, 3);
      if (!content.isEmpty() && content.length() < 16 && contents.add(content)) {
        file.added(token(content, random.nextInt(4) == 0 ? "" : random.nextBoolean() ? "n" : "ns"));
      }
    }
    return file;
  }

  /** Whether HF's ByteLevel takes text for bytes here, which ours does not on purpose. */
  private static boolean isTakenForBytes(AddedToken token, Tokenizer tokenizer) {
    String form = form(token, tokenizer);
    return !(token.normalized() && tokenizer.normalizerJson().contains("ByteLevel"))
        && ByteAlphabet.toBytes(form) != null
        && !form.chars().allMatch(c -> c < 0x80);
  }

  /** What HF passes to the decoder. */
  private static String form(AddedToken token, Tokenizer tokenizer) {
    byte[] content = token.content().getBytes(StandardCharsets.UTF_8);
    ByteBuilder out = new ByteBuilder(64);
    NormalizerSpec normalizer = tokenizer.normalizer();
    return token.normalized()
            && normalizer != null
            && normalizer.build().normalize(content, 0, content.length, out)
        ? new String(out.toByteArray(), StandardCharsets.UTF_8)
        : token.content();
  }

  /** Half of them of added tokens, where there are any. */
  private static int[] randomIds(Random random, Tokenizer tokenizer) {
    List<AddedToken> added = tokenizer.addedTokens();
    return IntStream.range(0, 1 + random.nextInt(8))
        .map(
            k ->
                added.isEmpty() || random.nextBoolean()
                    ? random.nextInt(tokenizer.idBound())
                    : added.get(random.nextInt(added.size())).id())
        .toArray();
  }

  /** The ids of random texts, and random ids, and what they decode to; how many were compared. */
  private static int compareEncoded(
      long seed, Random random, TestTokenizers file, Tokenizer tokenizer) {
    Map<Integer, Integer> inTwin = new HashMap<>();
    byte[] twin = file.decoding(tokenizer.addedTokens(), t -> form(t, tokenizer), inTwin);
    int compared = 0;
    try (HfTokenizer hf = new HfTokenizer(file.json());
        HfTokenizer decoding = HfLibrary.inDjl() ? new HfTokenizer(twin) : hf) {
      TextEncoder encoder = tokenizer.newTextEncoder(SpecialText.PARSE, false);
      for (int i = 0; i < 60; i++) {
        String text = NastyText.forTokenizers(random, 12);
        String where =
            "seed %d, <%s> with %s"
                .formatted(
                    seed,
                    EncodingOracleTest.escaped(text),
                    EncodingOracleTest.escaped(file.withoutModel()));
        int[] ids = randomIds(random, tokenizer);
        try {
          int[] encoded = encoder.encode(text);
          assertThat(encoded).as(where).isEqualTo(hf.encode(text));
          ids = random.nextBoolean() ? encoded : ids;
        } catch (UnencodableException lostByHf) {
          assertThat(tokenizer.normalizerJson()).as(where).contains("ByteLevel");
        }
        boolean skip = random.nextBoolean();
        int[] asked =
            HfLibrary.inDjl()
                ? IntStream.of(ids).map(id -> inTwin.getOrDefault(id, id)).toArray()
                : ids;
        String expected = decoding.decode(asked, skip);
        if (expected.indexOf('\uFFFD') < 0) {
          compared++;
          assertThat(tokenizer.decode(ids, skip))
              .as("%s: %s", where, Arrays.toString(ids))
              .isEqualTo(expected);
        }
      }
    }
    return compared;
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
