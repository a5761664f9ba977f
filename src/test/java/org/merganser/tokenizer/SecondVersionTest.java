package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.NastyText;
import org.merganser.tokenizer.json.SecondVersionConverter;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenizerException;

/** A tokenizer.json of version 2.0 gives the ids of the same tokenizer in version 1.0. */
class SecondVersionTest {
  private final Random random = new Random(Seeds.next());

  @Test
  void everyComponentWithAFormGivesTheSameIdsInBothVersions() throws Exception {
    Map<String, TestTokenizers> files = new LinkedHashMap<>(EncodingOracleTest.tokenizers());
    files.putAll(TestTokenizers.ofApplications());
    int same = 0;
    for (Map.Entry<String, TestTokenizers> file : files.entrySet()) {
      same += compare(file.getValue().json(), file.getKey(), 40) ? 1 : 0;
    }
    assertThat(same).as("files with a form in version 2.0").isGreaterThan(files.size() / 2);
  }

  @Test
  @Tag("random")
  void randomComponentsAndAddedTokensGiveTheSameIdsInBothVersions() throws Exception {
    int same = 0;
    for (int i = 0; i < Seeds.cases(300); i++) {
      TestTokenizers file = EncodingOracleTest.randomTokenizer(random);
      same += compare(file.json(), file.withoutModel(), 10) ? 1 : 0;
    }
    assertThat(same).isPositive();
  }

  @Test
  @Tag("conformance")
  void publishedTokenizersGiveTheSameIdsInBothVersions() throws Exception {
    try (Stream<Path> folders = Files.list(SharedData.dir().resolve("tokenizers"))) {
      for (Path folder : folders.sorted().toList()) {
        byte[] json = Files.readAllBytes(folder.resolve("tokenizer.json"));
        assertThat(compare(json, folder.toString(), 300)).as("%s", folder).isTrue();
      }
    }
  }

  /** The files of {@link CensusTest}. */
  @Test
  @Tag("census")
  void filesOfTheCensusGiveTheSameIdsInBothVersions() throws Exception {
    int same = 0;
    for (Path file : CensusTest.paths()) {
      same += compare(Files.readAllBytes(file), file.toString(), 100) ? 1 : 0;
    }
    System.out.println("files with a form in version 2.0: " + same);
    assertThat(same).isPositive();
  }

  /** Whether the file has a form in version 2.0; ids, text and the file again are the same then. */
  private boolean compare(byte[] json, String name, int documents) throws IOException {
    Tokenizer first;
    try {
      first = Tokenizer.read(json, "tokenizer.json");
    } catch (TokenizerException e) {
      return false;
    }
    byte[] converted;
    try {
      converted = SecondVersionConverter.convert(json, random);
    } catch (SecondVersionConverter.NoForm e) {
      compareWhatIsWritten(first, name, documents);
      return false;
    }
    Tokenizer second = Tokenizer.read(converted, "tokenizer.json");
    assertSame(first, second, name, documents);
    assertThat(second.parts().fileVersion()).isEqualTo(FileVersion.V2);
    assertThat(compareWhatIsWritten(first, name, documents)).as("%s", name).isTrue();
    assertSame(first, Tokenizer.read(second.toJson(), "tokenizer.json"), name, documents);
    return true;
  }

  private boolean compareWhatIsWritten(Tokenizer first, String name, int documents)
      throws IOException {
    byte[] written;
    try {
      written = first.toJson(FileVersion.V2);
    } catch (TokenizerException e) {
      assertThat(e).hasMessageContaining("$.pre_tokenizer").hasMessageContaining("has no form");
      return false;
    }
    Tokenizer read = Tokenizer.read(written, "tokenizer.json");
    assertSame(first, read, name, documents);
    assertThat(read.toJson(FileVersion.V2)).as("%s written again", name).isEqualTo(written);
    requireCanonical(TestTokenizers.JSON.readTree(written), name);
    return true;
  }

  private void assertSame(Tokenizer a, Tokenizer b, String name, int documents) {
    assertThat(b.addedTokens()).as("%s", name).isEqualTo(a.addedTokens());
    assertThat(b.cutRule().isPresent()).as("%s: cuts", name).isEqualTo(a.cutRule().isPresent());
    IdBuffer ids = new IdBuffer(64);
    IdBuffer others = new IdBuffer(64);
    for (boolean addSpecialTokens : new boolean[] {false, true}) {
      Encoder one = a.newEncoder(SpecialText.PARSE, addSpecialTokens);
      Encoder other = b.newEncoder(SpecialText.PARSE, addSpecialTokens);
      for (int i = 0; i < documents; i++) {
        byte[] text = NastyText.forTokenizers(random, 16).getBytes(StandardCharsets.UTF_8);
        ids.clear();
        others.clear();
        String failure = encode(one, text, ids);
        assertThat(encode(other, text, others)).as("%s", name).isEqualTo(failure);
        assertThat(others.toArray())
            .as("%s: %s", name, new String(text, StandardCharsets.UTF_8))
            .isEqualTo(ids.toArray());
        if (failure == null) {
          assertThat(b.decode(others.toArray())).isEqualTo(a.decode(ids.toArray()));
        }
      }
    }
  }

  private static String encode(Encoder encoder, byte[] text, IdBuffer ids) {
    try {
      encoder.encode(text, 0, text.length, ids);
      return null;
    } catch (UnencodableException e) {
      ids.clear();
      return e.getMessage();
    }
  }

  /** What HF's own tests ask of the form. */
  private static void requireCanonical(JsonNode file, String name) {
    assertThat(file.get("version").asText()).isEqualTo("2.0");
    assertThat(file.get("model").get("type").asText()).isEqualTo("BPE");
    assertThat(file.get("model").get("byte_level").isBoolean()).as("%s", name).isTrue();
    assertThat(file.get("model").has("dropout")).isFalse();
    file.get("model").get("merges").forEach(merge -> assertThat(merge.size()).isEqualTo(2));
    assertThat(file.get("pre_tokenizer").findValuesAsText("type"))
        .as("%s", name)
        .doesNotContain("ByteLevel", "Metaspace");
    assertThat(file.get("post_processor").path("type").asText("TemplateProcessing"))
        .isEqualTo("TemplateProcessing");
    assertThat(file.get("post_processor").has("special_tokens")).isFalse();
    for (String older : List.of("add_prefix_space", "str_rep", "split")) {
      for (JsonNode decoder : file.get("decoder").findParents("prepend_scheme")) {
        assertThat(decoder.has(older)).as("%s: %s", name, older).isFalse();
      }
    }
  }

  @Test
  void theFormOfGpt2sKindIsThatOfHfsDescription() throws Exception {
    String template =
        """
        {'type':'TemplateProcessing',
         'single':[{'SpecialToken':{'id':'a','type_id':0}},{'Sequence':{'id':'A','type_id':0}}],
         'pair':[{'Sequence':{'id':'A','type_id':0}},{'Sequence':{'id':'B','type_id':1}}],
         'special_tokens':{'a':{'id':'a','ids':[64],'tokens':['a']}}}\
        """;
    TestTokenizers file = TestTokenizers.bytes().with("post_processor", template);
    JsonNode written = TestTokenizers.JSON.readTree(file.build().toJson(FileVersion.V2));
    assertThat(written.get("pre_tokenizer").toString())
        .isEqualTo(
            "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+|"
                + " ?\\\\p{N}+| ?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+\"},"
                + "\"behavior\":\"Isolated\",\"invert\":false}");
    assertThat(written.get("model").get("byte_level").asBoolean()).isTrue();
    assertThat(written.get("post_processor").toString())
        .isEqualTo(
            "{\"type\":\"TemplateProcessing\",\"single\":[{\"ids\":[64]},{\"seq\":\"A\"}],"
                + "\"pair\":[{\"seq\":\"A\"},{\"seq\":\"B\",\"type_id\":1}]}");
    assertThat(written.properties().stream().map(Map.Entry::getKey).toList())
        .containsExactly(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pre_tokenizer  | {'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true} | $.pre_tokenizer.type is "ByteLevel": version 2.0 has no such pre-tokenizer
          pre_tokenizer  | {'type':'Sequence','pretokenizers':[{'type':'Metaspace','replacement':'_'}]} | $.pre_tokenizer.pretokenizers[0].type is "Metaspace": version 2.0 has no such
          decoder        | {'type':'Metaspace','replacement':'_'} | $.decoder.prepend_scheme is missing
          decoder        | {'type':'Metaspace','replacement':'_','prepend_scheme':'always','add_prefix_space':true} | $.decoder.add_prefix_space is true: a Metaspace of version 2.0 has no add_prefix_space
          post_processor | {'type':'TemplateProcessing','single':[],'pair':[],'special_tokens':{}} | $.post_processor.special_tokens is an object: a template of version 2.0 has the ids
          post_processor | {'type':'TemplateProcessing','single':[{'Sequence':{'id':'A'}}],'pair':[]} | $.post_processor.single[0] is an object; it must be an object with either "seq" or "ids"
          post_processor | {'type':'TemplateProcessing','single':[{'seq':'C'}],'pair':[]} | $.post_processor.single[0].seq is "C"; it must be "A" or "B"
          post_processor | {'type':'TemplateProcessing','single':[{'seq':'A'},{'ids':[-1]}],'pair':[]} | $.post_processor.single[1].ids[0] is -1; it must be an id
          post_processor | {'type':'TemplateProcessing','single':[{'seq':'A','ids':[0]}],'pair':[]} | $.post_processor.single[0] is an object; it must be an object with either "seq" or "ids"
          post_processor | {'type':'TemplateProcessing','single':[{'seq':'A'}]} | $.post_processor.pair is missing
          post_processor | {'type':'Sequence','processors':[{'type':'TemplateProcessing','single':[{'ids':['a']}],'pair':[]}]} | $.post_processor.processors[0].single[0].ids[0] is "a"; it must be an id
          decoder        | {'type':'Sequence','decoders':[{'type':'Metaspace','replacement':'_','prepend_scheme':'always','str_rep':'_'}]} | $.decoder.decoders[0].str_rep is "_": a Metaspace of version 2.0 has no str_rep
          normalizer     | {'type':'MetaspaceNormalizer','replacement':'_'} | $.normalizer.prepend is missing
          normalizer     | {'type':'Sequence','normalizers':[{'type':'MetaspaceNormalizer'},{'type':'NFC'}]} | $.normalizer.normalizers[0].type is "MetaspaceNormalizer"; only
          normalizer     | {'type':'MetaspaceNormalizer','replacement':'__','prepend':true} | $.normalizer.replacement is "__"
          normalizer     | {'type':'MetaspaceNormalizer','replacement':'_','prepend':'sometimes'} | $.normalizer.prepend_scheme is "sometimes"
          normalizer     | {'type':'MetaspaceNormalizer','replacement':'_','prepend':'always','drop_whitespace':true} | $.normalizer.drop_whitespace is true: without
          """)
  void whatHasNoMeaningInVersion2IsRefusedWithItsPath(String part, String json, String message) {
    TestTokenizers file = TestTokenizers.bytes().with("version", "'2.0'");
    file.with("pre_tokenizer", "null").model("byte_level", "true").with(part, json);
    assertThatThrownBy(file::build)
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("tokenizer.json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'type':'BPE','vocab':{'a':0},'merges':[]} | $.model.byte_level is missing in version 2.0
          {'type':'BPE','byte_level':null,'vocab':{'a':0},'merges':[]} | $.model.byte_level is missing in version 2.0
          {'byte_level':true,'vocab':{'a':0},'merges':[]} | $.model.type is missing in version 2.0
          {'type':'BPE','byte_level':true,'vocab':{'a':0,'aa':1},'merges':['a a']} | $.model.merges[0] is a string; merges of version 2.0 are pairs
          {'type':'BPE','byte_level':true,'vocab':{'a':0,'aa':1},'merges':['#version: 0.2']} | $.model.merges[0] is a string
          """)
  void aModelOfVersion2SaysWhatItIs(String model, String message) {
    TestTokenizers file = TestTokenizers.bytes().with("version", "'2.0'");
    file.with("pre_tokenizer", "null").with("model", model);
    assertThatThrownBy(file::build).hasMessageContaining("tokenizer.json: " + message);
  }

  /**
   * Each value of files with every component, in turn, becomes one of another kind or is removed.
   */
  @Test
  void anyMemberOfAnotherKindIsReadOrRefusedWithTheFile() throws Exception {
    Map<String, TestTokenizers> files = new LinkedHashMap<>(EncodingOracleTest.tokenizers());
    files.putAll(TestTokenizers.ofApplications());
    int refused = 0;
    for (Map.Entry<String, TestTokenizers> entry : files.entrySet()) {
      byte[] json;
      try {
        json = entry.getValue().merges(3).build().toJson(FileVersion.V2);
      } catch (TokenizerException e) {
        continue; // of a component that version 2.0 has not
      }
      for (int place = 0; ; place += Seeds.allCases() ? 1 : 4) {
        List<JsonNode> changed = changed(TestTokenizers.JSON.readTree(json), place);
        if (changed.isEmpty()) {
          break;
        }
        for (JsonNode file : changed) {
          try {
            Tokenizer.read(TestTokenizers.JSON.writeValueAsBytes(file), "tokenizer.json");
          } catch (TokenizerException e) {
            assertThat(e).hasMessageStartingWith("tokenizer.json: ");
            refused++;
          } catch (RuntimeException e) {
            throw new AssertionError(entry.getKey() + ", place " + place + ": " + file, e);
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  /** The file with the value at a place, counted in order, removed or of other kinds. */
  private static List<JsonNode> changed(JsonNode file, int place) {
    ((ObjectNode) file.get("model")).set("vocab", TestTokenizers.tree("{'a':0,'b':1,'ab':2}"));
    ((ObjectNode) file.get("model")).set("merges", TestTokenizers.tree("[['a','b']]"));
    List<JsonPointer> places = new ArrayList<>();
    places(file, JsonPointer.empty(), places);
    List<JsonNode> changed = new ArrayList<>();
    if (place < places.size()) {
      JsonPointer at = places.get(place);
      for (String other : List.of("", "null", "true", "-1", "1e300", "'x'", "[]", "{}", "[{}]")) {
        JsonNode copy = file.deepCopy();
        JsonNode parent = copy.at(at.head());
        String name = at.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
          if (other.isEmpty()) {
            object.remove(name);
          } else {
            object.set(name, TestTokenizers.tree(other));
          }
        } else if (parent instanceof ArrayNode array) {
          if (other.isEmpty()) {
            array.remove(at.last().getMatchingIndex());
          } else {
            array.set(at.last().getMatchingIndex(), TestTokenizers.tree(other));
          }
        }
        changed.add(copy);
      }
    }
    return changed;
  }

  private static void places(JsonNode node, JsonPointer at, List<JsonPointer> places) {
    node.properties()
        .forEach(
            member -> {
              places.add(at.appendProperty(member.getKey()));
              places(member.getValue(), at.appendProperty(member.getKey()), places);
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      places.add(at.appendIndex(i));
      places(node.get(i), at.appendIndex(i), places);
    }
  }

  @Test
  void version1KnowsNothingOfVersion2() {
    assertThat(TestTokenizers.bytes().model("byte_level", "true").build().warnings())
        .containsExactly(
            "tokenizer.json: $.model.byte_level is nothing that HF's BPE reads: ignored, as there");
    assertThatThrownBy(TestTokenizers.bytes().with("role_to_token", "{'eos_token':'a'}")::build)
        .hasMessageContaining("$.role_to_token is not a member of a tokenizer.json");
    assertThatThrownBy(TestTokenizers.bytes().with("version", "'3.0'")::build)
        .hasMessageContaining("$.version is \"3.0\"; it must be \"1.0\" or \"2.0\"");
  }

  @Test
  void namesOfRunsOfIdsThatAreSpelledAlikeAreTwo() {
    TestTokenizers file = TestTokenizers.bytes().with("version", "'2.0'");
    file.with("pre_tokenizer", "null").model("byte_level", "true");
    file.with(
        "post_processor",
        "{'type':'TemplateProcessing','single':[{'ids':[16]},{'seq':'A'},{'ids':[999999,17]}],"
            + "'pair':[{'ids':[16777216]},{'ids':[64,65]},{'seq':'A'},{'seq':'B','type_id':1}]}");
    Tokenizer read = file.build();
    Tokenizer again = Tokenizer.read(read.toJson(), "tokenizer.json");
    for (Tokenizer tokenizer : List.of(read, again)) {
      IdBuffer ids = new IdBuffer(8);
      tokenizer.newEncoder(SpecialText.TEXT, true).encode(new byte[] {'a'}, 0, 1, ids);
      assertThat(ids.toArray()).containsExactly(16, tokenizer.id("a"), 999999, 17);
    }
    assertThat(again.toJson(FileVersion.V2)).isEqualTo(read.toJson(FileVersion.V2));
  }
}
