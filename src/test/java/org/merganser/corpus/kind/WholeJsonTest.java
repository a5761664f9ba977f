package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How files of one JSON value become lines. {@code ~} is a line end or nothing. */
class WholeJsonTest {
  private static FileKind kind(String json, boolean pretty) {
    byte[] head = json.replace("~", pretty ? "\n" : "").getBytes(UTF_8);
    return pretty ? WholeJson.wrapped(head) : WholeJson.ofOneLine(head);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{~'id':{'0':1,'1':2},'text':{'0':'a','1':'b'}}#a column of a table in each"
            + " key#(first(.[])",
        "{~'text':{'10':'a','11':'b'}}#a column of a table in each key#(first(.[])",
        "{~'columns':['id','text'],'index':[0],'data':[[1,'a']]}#the rows of a table#.columns as"
            + " $c",
        "{~'a':{'text':'x'},'b':{'text':'y'},'c':{'text':'z'}}#a record in each key#{id: .key} +"
            + " .value",
        "{~'d1':'a b','d2':'a b','d3':'a b','d4':'a b','d5':'a b','d6':'a b','d7':'a b','d8':'a"
            + " b'}#a text in each key#{id: .key, text: .value}",
        "{~'small':[{'name':'a b'}],'large':[{'text':'a text of more words'}]}#the list"
            + " \"large\"#'.large[]'",
        "{~'large':[{'text':'a text of words'},{'text':'and so on'}],'small':[{'name':'a text of"
            + " words'}]}#the list \"large\"#'.large[]'",
        "{~'a':{'b':{'c':{'d':[{'text':'one'}]}}}}#the list \"a.b.c.d\"#'.a.b.c.d[]'",
        "{~'messages':[{'from':'Ann','text':'one'}]}#the list \"messages\"#'.messages[]'"
      })
  void theFormOfAnObjectOfRecordsIsNamed(String json, String name, String command) {
    for (boolean pretty : new boolean[] {true, false}) {
      FileKind kind = kind(json.replace('\'', '"'), pretty);
      assertThat(kind).as(json).isNotNull();
      assertThat(kind.name()).contains(name);
      assertThat(kind.advice()).contains("jq -c ", command, "FILE > FILE.jsonl");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{~'title':'a b','abstract':'c d','summary':'e f'}",
        "{~'meta':{'a':1},'stats':{'a':2}}",
        "{~'meta':{'0':1},'text':'a'}",
        "{~'messages':[{'role':'user','content':'a'}]}",
        "{~'conversations':[{'from':'human','value':'a'}]}",
        "{~'parts':[{'text':'a','loss':true}]}",
        "{~'text':'a b'}",
        "{~}"
      })
  void oneRecordIsLeftAsItIs(String json) {
    for (boolean pretty : new boolean[] {true, false}) {
      assertThat(kind(json.replace('\'', '"'), pretty)).as(json).isNull();
    }
  }

  @Test
  void anObjectWithATextIsOneRecordBesideItsLists() {
    String json = "{~\"segments\": [{\"id\": 0, \"text\": \"a b\"}], \"text\": \"a b\"}";
    assertThat(kind(json, true).name())
        .isEqualTo("one JSON object over several lines, with its text in \"text\"");
    assertThat(kind(json, true).advice()).startsWith("jq -c . FILE > FILE.jsonl");
    assertThat(kind(json, false)).isNull();
  }

  @Test
  void anArrayOfTextsIsNamed() {
    byte[] line = "[\"a b\", \"c\"]".getBytes(UTF_8);
    assertThat(WholeJson.unwrapping(line, 0, line.length))
        .isEqualTo(
            "it has a text in each item, jq -c '.[] | {text: .}' FILE > FILE.jsonl makes a record"
                + " of each");
    assertThat(kind("[~\"a b\", \"c\"]", true).name()).isEqualTo("one JSON array of texts");
    assertThat(kind("[~{\"text\": \"a\"}]", true)).as("an array of records is read").isNull();
  }

  @Test
  void aListIsFoundInASampleThatEndsWithinIt() {
    String json =
        "{\n\"license\": \"%s\",\n\"records\": [\n{\"text\": \"one two"
            .formatted("x ".repeat(9000));
    assertThat(kind(json, true).name()).contains("the list \"records\"");
    String chat = "{\n\"turns\": [{\"from\": \"human\", \"value\": \"one two";
    assertThat(kind(chat, true)).isNull();
  }

  @Test
  void linesOfObjectsAreNotOneObject() {
    byte[] lines = "{\"a\": [{\"b\": 1}]}\n{\"a\": [{\"b\": 1}]}\n".getBytes(UTF_8);
    assertThat(WholeJson.wrapped(lines)).isNull();
  }
}
