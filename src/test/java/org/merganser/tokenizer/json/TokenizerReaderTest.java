package org.merganser.tokenizer.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.TestResources;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.TokenizerException;

class TokenizerReaderTest {

  private static final String MODEL =
      "'model':{'type':'BPE','vocab':{'a':0,'b':1,'ab':2},'merges':[['a','b']]}";

  private static final String TRUNCATION =
      "{'direction':'Right','max_length':1,'strategy':'LongestFirst','stride':0}";
  private static final String PADDING =
      "{'strategy':{'Fixed':9},'direction':'Right','pad_to_multiple_of':null,"
          + "'pad_id':0,'pad_type_id':0,'pad_token':'a'}";

  /** A tokenizer.json; quotes may be single. */
  private static Tokenizer read(String json) {
    return Tokenizer.read(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "tokenizer.json");
  }

  private static String component(String part, String json) {
    return "{'" + part + "':" + json + "," + MODEL + "}";
  }

  private static String model(String members) {
    return "{'model':{" + members + "}}";
  }

  private static String addedToken(String content, boolean normalized) {
    return "{'id':7,'content':'"
        + content
        + "','single_word':false,'lstrip':false,'rstrip':false,'normalized':"
        + normalized
        + ",'special':false}";
  }

  @ParameterizedTest
  @CsvFileSource(resources = "bad-files.tsv", delimiter = '\t', quoteCharacter = '`')
  void refusesABadFileNamingPathAndValue(String json, String message) {
    assertThatThrownBy(() -> read(json.replace("$MODEL", MODEL)))
        .isInstanceOf(TokenizerException.class)
        .hasMessageStartingWith("tokenizer.json: " + message);
  }

  @Test
  void aMessageShowsTheBeginningAndTheEndOfALongValue() {
    String merge = "{'model':{'type':'BPE','vocab':{'a':0},'merges':[['" + "x".repeat(1 << 20);
    assertThatThrownBy(() -> read(merge + "','a']]}}"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageMatching(
            "tokenizer.json: [$].model: merge 0 names token \"x{900,1000} … x{900,1000}\", which is"
                + " not in model.vocab; was the file edited by hand[?]");
  }

  @Test
  void refusesAddedTokensOfMoreBytesThanTheirIndexMayHave() {
    String most = "x".repeat(1 << 22);
    assertThat(read("{'added_tokens':[" + addedToken(most, false) + "]," + MODEL + "}"))
        .isNotNull();
    assertThatThrownBy(
            () -> read("{'added_tokens':[" + addedToken(most + "y", false) + "]," + MODEL + "}"))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(
            "tokenizer.json: its added tokens have 4194305 bytes; at most 4194304 are allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "normalizer    | normalizers    | {'type':'NFC'}",
        "pre_tokenizer | pretokenizers  | {'type':'Whitespace'}",
        "decoder       | decoders       | {'type':'Fuse'}",
      })
  void refusesAComponentOfMoreStepsThanMemoryShouldHave(String part, String steps, String step) {
    String ten = sequence(steps, step, 10);
    String hundred = sequence(steps, ten, 10);
    assertThat(read(component(part, sequence(steps, hundred, 10)))).isNotNull();
    String more = "{'type':'Sequence','" + steps + "':[" + step + "," + hundred + "]}";
    assertThatThrownBy(() -> read(component(part, sequence(steps, more, 10))))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(
            "tokenizer.json: $.%s has 1010 steps; at most 1000 are supported: remove those that change nothing, or join several into one pattern"
                .formatted(part));
  }

  private static String sequence(String steps, String step, int times) {
    String all = String.join(",", Collections.nCopies(times, step));
    return "{'type':'Sequence','" + steps + "':[" + all + "]}";
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] json = ("{" + MODEL.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
    json[20] = (byte) 0xFF;
    assertThatThrownBy(() -> Tokenizer.read(json, "my.json"))
        .hasMessage("my.json: byte 20 (0xFF) is not UTF-8; tokenizer.json is UTF-8 throughout");
  }

  @Test
  void refusesAMissingFile() {
    assertThatThrownBy(() -> Tokenizer.read(Path.of("no", "such", "tokenizer.json")))
        .isInstanceOf(TokenizerException.class)
        .hasMessageEndingWith("there is no such file");
  }

  @Test
  void refuses200MegabytesOfNestingAtOnce() {
    for (String part : new String[] {"normalizer", "model", "unknown", "added_tokens"}) {
      byte[] head = ("{\"" + part + "\":").getBytes(StandardCharsets.UTF_8);
      byte[] json = Arrays.copyOf(head, 200_000_000);
      Arrays.fill(json, head.length, json.length, (byte) '[');
      assertThatThrownBy(() -> Tokenizer.read(json, "tokenizer.json"))
          .isInstanceOf(TokenizerException.class)
          .hasMessageStartingWith("tokenizer.json: $." + part);
    }
  }

  @Test
  void readsMergesOfBothForms() {
    Tokenizer pairs = read("{" + MODEL + "}");
    Tokenizer strings = read("{" + MODEL.replace("['a','b']", "'#version: 0.2','a b'") + "}");
    assertThat(strings.toJson()).isEqualTo(pairs.toJson());
    assertThat(pairs.model().mergeCount()).isEqualTo(1);
  }

  @Test
  void readsMergesOfCharactersOfEveryLength() {
    String vocabulary = "'#':0,'é':1,'中':2,'🌲':3,'#é':4,'中🌲':5,'#é中🌲':6,'é中':7";
    String[][] merges = {{"#", "é"}, {"中", "🌲"}, {"#é", "中🌲"}, {"é", "中"}};
    for (String between : new String[] {"','", " "}) {
      StringBuilder list = new StringBuilder();
      for (String[] merge : merges) {
        String text = "'" + merge[0] + between + merge[1] + "'";
        list.append(list.isEmpty() ? "" : ",")
            .append(between.equals(" ") ? text : "[" + text + "]");
      }
      Tokenizer read =
          read(model("'type':'BPE','vocab':{" + vocabulary + "},'merges':[" + list + "]"));
      for (int rank = 0; rank < merges.length; rank++) {
        assertThat(read.token(read.model().mergeLeft(rank))).isEqualTo(merges[rank][0]);
        assertThat(read.token(read.model().mergeRight(rank))).isEqualTo(merges[rank][1]);
        assertThat(read.token(read.model().mergeResult(rank)))
            .isEqualTo(merges[rank][0] + merges[rank][1]);
      }
    }
  }

  @Test
  void warnsOfTruncationAndPaddingAndIgnoresThem() {
    Tokenizer tokenizer =
        read("{'truncation':" + TRUNCATION + ",'padding':" + PADDING + "," + MODEL + "}");
    assertThat(tokenizer.warnings())
        .containsExactly(
            "tokenizer.json: $.truncation is set: ignored, since it would cut or pad documents",
            "tokenizer.json: $.padding is set: ignored, since it would cut or pad documents");
    String written = new String(tokenizer.toJson(), StandardCharsets.UTF_8);
    assertThat(written)
        .contains(
            """
              "truncation": {
                "direction": "Right",
                "max_length": 1,
                "strategy": "LongestFirst",
                "stride": 0
              },
              "padding": {
                "strategy": {
                  "Fixed": 9
                },
            """);
  }

  @Test
  void givesOutIdsAsHfDoesAndWarnsWhereTheFileSaysOtherwise() {
    Tokenizer tokenizer =
        read(
            "{'added_tokens':["
                + addedToken("x", false)
                + ","
                + addedToken("b", false)
                + ","
                + addedToken("y", false)
                + "],"
                + MODEL
                + "}");
    assertThat(tokenizer.id("x")).isEqualTo(3);
    assertThat(tokenizer.id("b")).isEqualTo(1);
    assertThat(tokenizer.id("y")).isEqualTo(4);
    assertThat(tokenizer.idBound()).isEqualTo(5);
    assertThat(tokenizer.token(4)).isEqualTo("y");
    assertThat(tokenizer.token(5)).isNull();
    assertThat(tokenizer.warnings()).hasSize(3);
    assertThat(tokenizer.warnings().get(0))
        .isEqualTo(
            "tokenizer.json: the added token \"x\" names id 7 and gets 3, as in HF (the"
                + " model's own id or the next free one)");
  }

  @Test
  void givesAnIdAfterTheLargestAddedOneAsHfDoes() {
    String model = MODEL.replace("'b':1", "'b':70000");
    String file = "{'added_tokens':[%s,%s,%s],%s}";
    String x = addedToken("x", false);
    String b = addedToken("b", false);
    String y = addedToken("y", false);
    Tokenizer tokenizer = read(file.formatted(x, b, y, model));
    assertThat(tokenizer.id("x")).isEqualTo(3);
    assertThat(tokenizer.id("b")).isEqualTo(70_000);
    assertThat(tokenizer.id("y")).isEqualTo(70_001);
    assertThat(tokenizer.idBound()).isEqualTo(70_002);
  }

  @Test
  void writesEveryComponentAsHfDoes() {
    String json = TestResources.text("tokenizer/json/every-component.json").stripTrailing();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(Tokenizer.read(bytes, "t").toJson(), StandardCharsets.UTF_8))
        .isEqualTo(json);
  }

  @Test
  void keepsBertAndRobertaFrames() {
    for (String frame :
        new String[] {
          "{'type':'BertProcessing','sep':['a',0],'cls':['b',1]}",
          "{'type':'RobertaProcessing','sep':['a',0],'cls':['b',1],'trim_offsets':true,"
              + "'add_prefix_space':false}"
        }) {
      byte[] written = read(component("post_processor", frame)).toJson();
      assertThat(
              TestTokenizers.tree(new String(written, StandardCharsets.UTF_8))
                  .get("post_processor"))
          .isEqualTo(TestTokenizers.tree(frame));
    }
  }
}
