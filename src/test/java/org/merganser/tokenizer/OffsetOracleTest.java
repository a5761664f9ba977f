package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.tokenizer.EncodingOracleTest.escaped;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.tokenizer.parts.TokenizerException;

/** The spans of ids equal HF's. */
class OffsetOracleTest {
  private static final List<String> PROCESSORS =
      List.of(
          "null",
          "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
          "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':true}",
          "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':false,'use_regex':true}",
          "{'type':'RobertaProcessing','sep':['</s>',2],'cls':['<s>',1],'trim_offsets':true,"
              + "'add_prefix_space':false}");

  @Test
  void spansEqualHfsForTokenizersOfApplications() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      compare(seed, random, entry.getKey(), entry.getValue().json(), 400);
    }
  }

  @Test
  void spansEqualHfsForEveryComponentAndUnknownTokens() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Map<String, TestTokenizers> all = EncodingOracleTest.tokenizers();
    all.remove("continuing prefix and end suffix");
    for (String fuse : new String[] {"true", "false"}) {
      for (String fallback : new String[] {"true", "false"}) {
        for (String affix : new String[] {"null", "'#'"}) {
          if (fallback.equals("true") && !affix.equals("null")) {
            continue; // HF's spans of such bytes are elsewhere: the test below.
          }
          all.put(
              "fuse " + fuse + ", fallback " + fallback + ", affix " + affix,
              TestTokenizers.characters()
                  .model("fuse_unk", fuse)
                  .model("byte_fallback", fallback)
                  .model("end_of_word_suffix", affix)
                  .with("pre_tokenizer", "{'type':'Whitespace'}"));
        }
      }
    }
    all.forEach((name, file) -> compare(seed, random, name, file.json(), 100));
  }

  /** Where HF is wrong: what docs/library.md says of it, and what stands here instead. */
  @Test
  void spansAreInsideTheTextWhereHfsAreNot() {
    byte[] suffix =
        TestTokenizers.characters()
            .model("end_of_word_suffix", "'##'")
            .with("pre_tokenizer", "{'type':'Whitespace'}")
            .json();
    try (HfTokenizer hf = new HfTokenizer(suffix)) {
      Encoding bytes = Tokenizer.read(suffix, "tokenizer.json").encodeWithOffsets("a b");
      assertThat(bytes.ids()).isEqualTo(hf.encode("a b"));
      assertThat(spans(hf, "a b"))
          .containsExactly("[0, 1]", "[1, 2]", "[2, 3]", "[2, 3]", "[1, 2]", "[2, 3]");
      assertThat(spans(bytes))
          .containsExactly("[0, 1]", "[0, 1]", "[0, 1]", "[2, 3]", "[2, 3]", "[2, 3]");
    }
  }

  private static List<String> spans(HfTokenizer hf, String text) {
    return hf.spans(text, false).stream().map(Arrays::toString).toList();
  }

  private static List<String> spans(Encoding encoding) {
    List<String> spans = new ArrayList<>();
    for (int i = 0; i < encoding.size(); i++) {
      spans.add("[" + encoding.charStart(i) + ", " + encoding.charEnd(i) + "]");
    }
    return spans;
  }

  @Test
  @Tag("random")
  void spansEqualHfsForRandomComponents() {
    compareRandomTokenizers(Seeds.next(), Seeds.cases(150), 40);
  }

  private static void compareRandomTokenizers(long seed, int tokenizers, int documents) {
    Random random = new Random(seed);
    int compared = 0;
    for (int t = 0; t < tokenizers; t++) {
      TestTokenizers file = EncodingOracleTest.randomTokenizer(random);
      file.with("post_processor", PROCESSORS.get(random.nextInt(PROCESSORS.size())));
      byte[] json = file.json();
      try {
        Tokenizer.read(json, "tokenizer.json");
      } catch (TokenizerException e) {
        continue;
      }
      compare(seed, random, "tokenizer " + t + ", " + file.withoutModel(), json, documents);
      compared++;
    }
    assertThat(compared).isGreaterThan(tokenizers / 2);
  }

  private static void compare(long seed, Random random, String name, byte[] json, int documents) {
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    boolean add = random.nextBoolean();
    TextEncoder encoder = tokenizer.newTextEncoder(SpecialText.PARSE, add);
    EncodingWays ways = new EncodingWays(tokenizer, add);
    try (HfTokenizer hf = new HfTokenizer(json)) {
      for (int i = 0; i < documents; i++) {
        String text = NastyText.forTokenizers(random, 12);
        String what = "seed " + seed + ", " + escaped(name) + ": <" + escaped(text) + ">";
        check(encoder.encodeWithOffsets(text), text, hf, add, what);
        ways.check(text, hf.encode(text, add), () -> what);
      }
    }
  }

  /** Compares ids and spans with HF's, and the spans in bytes with those in chars. */
  static void check(Encoding encoding, String text, HfTokenizer hf, boolean add, String what) {
    assertThat(encoding.ids()).as(what).isEqualTo(hf.encode(text, add));
    List<String> expected = new ArrayList<>();
    for (int[] span : hf.spans(text, add)) {
      expected.add(span == null ? "[0, 0]" : Arrays.toString(span));
    }
    List<String> spans = new ArrayList<>();
    for (int i = 0; i < encoding.size(); i++) {
      String before = text.substring(0, encoding.charStart(i));
      String token = text.substring(encoding.charStart(i), encoding.charEnd(i));
      int start = before.codePointCount(0, before.length());
      spans.add(
          Arrays.toString(new int[] {start, start + token.codePointCount(0, token.length())}));
      assertThat(encoding.byteStart(i)).as(what).isEqualTo(utf8Length(before));
      assertThat(encoding.byteEnd(i)).as(what).isEqualTo(utf8Length(before) + utf8Length(token));
      assertThat(encoding.id(i)).isEqualTo(encoding.ids()[i]);
    }
    assertThat(spans).as(what).isEqualTo(expected);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
