package org.merganser.tokenizer.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  private static Arguments bad(String json, String message) {
    return Arguments.of(json, "tokenizer.json: " + message.replace('\'', '"'));
  }

  private static String component(String part, String json) {
    return "{'" + part + "':" + json + "," + MODEL + "}";
  }

  private static String model(String members) {
    return "{'model':{" + members + "}}";
  }

  static Stream<Arguments> badFiles() {
    return Stream.of(
        bad("", "$ is empty; a tokenizer.json is an object"),
        bad("[1]", "$ is an array; a tokenizer.json is an object"),
        bad("{", "not JSON at line 1, column 2 ($): Unexpected end-of-input"),
        bad("{'model':{'vocab':{'a' 0}}}", "not JSON at line 1, column 24 ($.model.vocab.a): "),
        bad("{" + MODEL + "} x", "not JSON at line 1"),
        bad("{" + MODEL + "}{}", "more text follows the end of the object"),
        bad("{}", "$.model is missing"),
        bad("{'version':'2.0'," + MODEL + "}", "$.version is '2.0'; it must be '1.0'"),
        bad("{" + MODEL + "," + MODEL + "}", "$.model stands there twice"),
        bad("{'model':7}", "$.model is 7; it must be an object"),
        bad(model("'type':'BPE','merges':[]"), "$.model.vocab is missing"),
        bad(model("'type':'BPE','vocab':{}"), "$.model.merges is missing"),
        bad(
            model("'type':'WordPiece','unk_token':'[UNK]'"),
            "$.model.type is 'WordPiece', which Merganser does not reproduce; supported are BPE"),
        bad(model("'type':'Unigram'"), "$.model.type is 'Unigram', which"),
        bad(model("'type':'WordLevel'"), "$.model.type is 'WordLevel', which"),
        bad(
            "{'normalizer':{'type':'Nmt'},'model':{'type':'Unigram','vocab':[]}}",
            "$.model.type is 'Unigram', which"),
        bad("{'extra':[1,{'x':2}]," + MODEL + "}", "$.extra is not a member of a tokenizer.json;"),
        bad("\uFEFF{" + MODEL + "}", "begins with a byte order mark, which HF refuses;"),
        bad(component("truncation", "7"), "$.truncation is 7; it must be an object"),
        bad(
            component("truncation", "{'max_length':1.5,'strategy':'LongestFirst','stride':0}"),
            "$.truncation.max_length is 1.5; it must be an integer from 0 to 18446744073709551615"),
        bad(
            component("truncation", "{'max_length':1,'strategy':'longest_first','stride':0}"),
            "$.truncation.strategy is 'longest_first'; it must be one of LongestFirst, OnlyFirst,"),
        bad(
            component("truncation", "{'max_length':1,'strategy':'OnlyFirst'}"),
            "$.truncation.stride is missing"),
        bad(
            component("truncation", TRUNCATION.replace("'Right'", "'Up'")),
            "$.truncation.direction is 'Up'; it must be one of Left, Right"),
        bad(
            component("padding", PADDING.replace("{'Fixed':9}", "'Fixed'")),
            "$.padding.strategy is 'Fixed'; it must be 'BatchLongest' or {'Fixed': length}"),
        bad(
            component("padding", PADDING.replace("'pad_id':0", "'pad_id':-1")),
            "$.padding.pad_id is -1; it must be an integer from 0 to 4294967295"),
        bad(
            component("padding", PADDING.replace("'direction':'Right',", "")),
            "$.padding.direction is missing"),
        bad(
            model("'type':'BPE','dropout':0.1,'vocab':{},'merges':[]"),
            "$.model.dropout is 0.1: dropout leaves out merges at random, which Merganser does not"
                + " reproduce; null is supported"),
        bad(
            model("'vocab':[['a',-1.5]],'merges':[]"),
            "$.model.vocab is an array; it must be an object of token and id (a BPE vocabulary)"),
        bad(
            model("'vocab':{'a':'0'},'merges':[]"),
            "$.model.vocab.a is '0'; it must be an integer from 0 to 16777215"),
        bad(
            model("'vocab':{'Ġa':-1},'merges':[]"),
            "$.model.vocab['Ġa'] is -1; it must be an integer from 0 to 16777215"),
        bad(
            model("'vocab':{'a':4294967296},'merges':[]"),
            "$.model.vocab.a is 4294967296; it must be an integer from 0 to 16777215"),
        bad(
            model("'vocab':{'a':99999999999999999999999},'merges':[]"),
            "$.model.vocab.a is 99999999999999999999999; it must be"),
        bad(
            model("'vocab':{'a':1.0},'merges':[]"),
            "$.model.vocab.a is 1.0; it must be an integer"),
        bad(
            model("'vocab':{'a':0,'a':1},'merges':[]"),
            "$.model: token 'a' is in model.vocab twice, with ids 0 and 1; a token has one id"),
        bad(model("'vocab':{'a':0,'b':0},'merges':[]"), "$.model: "),
        bad(model("'vocab':{'a':0},'merges':[['a','x']]"), "$.model: "),
        bad(model("'vocab':{'a':0,'b':1},'merges':[['a','b']]"), "$.model: "),
        bad(
            model("'vocab':{'a':0},'merges':['ab']"),
            "$.model.merges[0] is 'ab'; it must be two tokens with one space between them"),
        bad(
            model("'vocab':{'a':0},'merges':['a b c']"),
            "$.model.merges[0] is 'a b c'; it must be two tokens with one space between them"),
        bad(
            model("'vocab':{'a':0,'aa':1},'merges':['a a',['a','a']]"),
            "$.model.merges[1] is an array; it must be a pair ['a', 'b'] or a string 'a b', all"
                + " merges alike"),
        bad(
            model("'vocab':{},'merges':[['a']]"),
            "$.model.merges[0] is an array of 1; it must be a pair of two tokens"),
        bad(model("'vocab':{},'merges':[['a','b','c']]"), "$.model.merges[0] is an array of 3;"),
        bad(
            model("'vocab':{},'merges':[['a',2]]"),
            "$.model.merges[0][1] is 2; it must be a string"),
        bad(model("'vocab':{},'merges':{}"), "$.model.merges is an object; it must be an array"),
        bad(
            model("'vocab':{'\\ud800':0},'merges':[]"),
            "$.model.vocab holds the lone surrogate \\ud800, which is not Unicode text"),
        bad(
            component("normalizer", "{'type':'Nfk'}"),
            "$.normalizer.type is 'Nfk', which Merganser does not reproduce; supported are"
                + " BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled,"),
        bad(
            component(
                "normalizer", "{'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'X'}]}"),
            "$.normalizer.normalizers[1].type is 'X', which Merganser does not reproduce"),
        bad(
            component("normalizer", "{'type':'BertNormalizer'}"),
            "$.normalizer.clean_text is missing"),
        bad(
            component("normalizer", "{'type':'Precompiled','precompiled_charsmap':'AAAA'}"),
            "normalizer Precompiled: precompiled_charsmap is cut off: it has 3 bytes"),
        bad(
            component("normalizer", "{'type':'Precompiled','precompiled_charsmap':'A?AA'}"),
            "normalizer Precompiled: Illegal base64 character"),
        bad(component("normalizer", "{}"), "$.normalizer.type is missing"),
        bad(component("normalizer", "'NFC'"), "$.normalizer is 'NFC'; it must be an object"),
        bad(
            component("normalizer", "{'type':'Strip','strip_left':1,'strip_right':true}"),
            "$.normalizer.strip_left is 1; it must be true or false"),
        bad(
            component("normalizer", "{'type':'Replace','pattern':' ','content':'_'}"),
            "$.normalizer.pattern is ' '; it must be an object"),
        bad(
            component("normalizer", "{'type':'NFC','type':'NFD'}"),
            "$.normalizer.type stands there twice"),
        bad(
            component("pre_tokenizer", "{'type':'Scripts'}"),
            "$.pre_tokenizer.type is 'Scripts', which Merganser does not reproduce;"),
        bad(
            component("pre_tokenizer", "{'type':'FixedLength','length':0}"),
            "$.pre_tokenizer.length is 0; it must be 1 or more"),
        bad(
            component(
                "pre_tokenizer",
                "{'type':'Split','pattern':{'String':' '},'behavior':'Dropped','invert':false}"),
            "$.pre_tokenizer.behavior is 'Dropped'; it must be one of [Removed, Isolated,"),
        bad(
            component(
                "pre_tokenizer",
                "{'type':'Metaspace','replacement':'__','prepend_scheme':'always','split':true}"),
            "$.pre_tokenizer.replacement is '__'; it must be a string of one character"),
        bad(
            component(
                "pre_tokenizer",
                "{'type':'Metaspace','replacement':'_','add_prefix_space':false,"
                    + "'prepend_scheme':'always'}"),
            "$.pre_tokenizer.add_prefix_space is false: it contradicts prepend_scheme"),
        bad(
            "{'normalizer':{'type':'Strip','strip_left':true,'strip_right':false},'pre_tokenizer':"
                + "{'type':'Metaspace','replacement':'_','prepend_scheme':'first','split':true},"
                + MODEL
                + "}",
            "$.pre_tokenizer has a Metaspace with prepend_scheme 'first' behind a normalizer that can"),
        bad(
            "{'normalizer':{'type':'NFKD'},'pre_tokenizer':{'type':'Sequence','pretokenizers':["
                + "{'type':'Digits','individual_digits':true},"
                + "{'type':'Metaspace','replacement':'_','prepend_scheme':'first','split':true}]},"
                + MODEL
                + "}",
            "$.pre_tokenizer has a Metaspace with prepend_scheme 'first' behind a normalizer and a"
                + " cut (another pre-tokenizer"),
        bad(
            component("post_processor", "{'type':'Frame'}"),
            "$.post_processor.type is 'Frame', which Merganser does not reproduce"),
        bad(
            component(
                "post_processor",
                "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}}],"
                    + "'pair':[],'special_tokens':{}}"),
            "$.post_processor.single[0].SpecialToken.id is '<s>'; it must be one of special_tokens"),
        bad(
            component(
                "post_processor",
                "{'type':'TemplateProcessing','single':[],'pair':[],'special_tokens':{}}"),
            "$.post_processor.single is an array: it holds 0 sequences; one, 'A', is what"),
        bad(
            component("decoder", "{'type':'Unknown'}"),
            "$.decoder.type is 'Unknown', which Merganser does not reproduce; supported are"),
        bad(component("decoder", "{'type':'WordPiece','prefix':'#'}"), "$.decoder.cleanup is miss"),
        bad(
            component(
                "decoder",
                "{'type':'CTC','pad_token':'','word_delimiter_token':'|','cleanup':true}"),
            "$.decoder.pad_token is ''; it must be a string that is not empty"),
        bad(
            component("decoder", "{'type':'Strip','content':' ','start':-1,'stop':0}"),
            "$.decoder.start is -1; it must be an integer from 0 to 2147483647"),
        bad(component("added_tokens", "null"), "$.added_tokens is null; it must be an array"),
        bad(component("added_tokens", "{}"), "$.added_tokens is an object; it must be an array"),
        bad(component("added_tokens", "[{'id':0}]"), "$.added_tokens[0].content is missing"),
        bad(
            component("added_tokens", "[{'id':4294967295,'content':'x'}]"),
            "$.added_tokens[0].id is 4294967295; it must be an integer from 0 to 2147483647"),
        bad(
            "{'added_tokens':["
                + addedToken("A", true)
                + ","
                + addedToken("a", true)
                + "],'normalizer':{'type':'Lowercase'},"
                + MODEL
                + "}",
            "the added token 'A' is the same as 'a' after normalization, which HF refuses too;"));
  }

  private static String addedToken(String content, boolean normalized) {
    return "{'id':7,'content':'"
        + content
        + "','single_word':false,'lstrip':false,'rstrip':false,'normalized':"
        + normalized
        + ",'special':false}";
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void refusesABadFileNamingPathAndValue(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerException.class)
        .hasMessageStartingWith(message);
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
  void refusesAComponentOfABoundlessNumberOfValues() {
    String json =
        component(
            "normalizer",
            "{'type':'Sequence','normalizers':["
                + "{'type':'NFC'},".repeat(JsonTree.MAX_VALUES)
                + "{}]}");
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("holds more than 100000 values");
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
            "tokenizer.json: the added token \"x\" asks for id 7 and gets 3, as HF has it (the"
                + " model's own id or the next free one)");
  }

  @Test
  void writesEveryComponentAsHfDoes() {
    String json =
        """
        {
          "version": "1.0",
          "truncation": null,
          "padding": null,
          "added_tokens": [
            {
              "id": 2,
              "content": "ab",
              "single_word": true,
              "lstrip": true,
              "rstrip": false,
              "normalized": false,
              "special": true
            }
          ],
          "normalizer": {
            "type": "Sequence",
            "normalizers": [
              {
                "type": "NFD"
              },
              {
                "type": "Strip",
                "strip_left": false,
                "strip_right": true
              },
              {
                "type": "Prepend",
                "prepend": "▁"
              },
              {
                "type": "Replace",
                "pattern": {
                  "String": "\\t\\u0001\\""
                },
                "content": "▁"
              },
              {
                "type": "Sequence",
                "normalizers": []
              }
            ]
          },
          "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
              {
                "type": "Split",
                "pattern": {
                  "String": " "
                },
                "behavior": "MergedWithNext",
                "invert": true
              },
              {
                "type": "Digits",
                "individual_digits": true
              },
              {
                "type": "Punctuation",
                "behavior": "Contiguous"
              },
              {
                "type": "WhitespaceSplit"
              },
              {
                "type": "Metaspace",
                "replacement": "▁",
                "prepend_scheme": "never",
                "split": false
              }
            ]
          },
          "post_processor": {
            "type": "Sequence",
            "processors": [
              {
                "type": "ByteLevel",
                "add_prefix_space": true,
                "trim_offsets": false,
                "use_regex": true
              },
              {
                "type": "TemplateProcessing",
                "single": [
                  {
                    "SpecialToken": {
                      "id": "a",
                      "type_id": 0
                    }
                  },
                  {
                    "Sequence": {
                      "id": "A",
                      "type_id": 0
                    }
                  }
                ],
                "pair": [
                  {
                    "Sequence": {
                      "id": "A",
                      "type_id": 0
                    }
                  },
                  {
                    "Sequence": {
                      "id": "B",
                      "type_id": 1
                    }
                  }
                ],
                "special_tokens": {
                  "a": {
                    "id": "a",
                    "ids": [
                      0
                    ],
                    "tokens": [
                      "a"
                    ]
                  }
                }
              }
            ]
          },
          "decoder": {
            "type": "Sequence",
            "decoders": [
              {
                "type": "Replace",
                "pattern": {
                  "String": "▁"
                },
                "content": " "
              },
              {
                "type": "ByteFallback"
              },
              {
                "type": "Fuse"
              },
              {
                "type": "Strip",
                "content": " ",
                "start": 1,
                "stop": 0
              },
              {
                "type": "Metaspace",
                "replacement": "▁",
                "prepend_scheme": "first",
                "split": true
              },
              {
                "type": "BPEDecoder",
                "suffix": "</w>"
              },
              {
                "type": "WordPiece",
                "prefix": "##",
                "cleanup": true
              },
              {
                "type": "CTC",
                "pad_token": "<pad>",
                "word_delimiter_token": "|",
                "cleanup": false
              }
            ]
          },
          "model": {
            "type": "BPE",
            "dropout": null,
            "unk_token": "a",
            "continuing_subword_prefix": "",
            "end_of_word_suffix": null,
            "fuse_unk": true,
            "byte_fallback": false,
            "ignore_merges": true,
            "vocab": {
              "a": 0,
              "b": 1,
              "ab": 2
            },
            "merges": [
              [
                "a",
                "b"
              ]
            ]
          }
        }""";
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
