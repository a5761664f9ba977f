package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.CorpusException;

class FieldTemplateTest {
  private static final String LINE =
      """
      {"title":"On {braces}","body":"two\\nlines","n":7,"yes":true,"nothing":null,
       "tags":["a","b"],"meta":{"body":"nested"},"meta.body":"dotted","say \\"hi\\"":"quoted",
       "messages":[{"content":"first"},{"content":["x",["y"]]}],"a?":"asked","":"empty","{b}":"c"}
      """;

  private static String text(String source) {
    FieldTemplate template = FieldTemplate.parse(source);
    JsonRecord record = new JsonRecord(template.paths(), 0);
    byte[] line = LINE.getBytes(UTF_8);
    assertThat(record.parse(line, 0, line.length)).as(record.error()).isTrue();
    ByteBuilder out = new ByteBuilder(16);
    int wrong = template.append(record, 0, out);
    return wrong == FieldTemplate.WHOLE
        ? new String(out.toByteArray(), UTF_8)
        : "no " + template.paths().get(wrong).source();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "title | On {braces}",
        "meta.body | nested",
        "[\"meta.body\"] | dotted",
        "[\"meta\"][\"body\"] | nested",
        "meta[\"body\"] | nested",
        "[\"say \\\"hi\\\"\"] | quoted",
        "[\"{b}\"] | c",
        "[\"\"] | empty",
        "a? | asked",
        "n | 7",
        "yes | true",
        "tags[1] | b",
        "messages[0].content | first",
        "messages[1].content[1][0] | y",
      })
  void takesTheFieldThatAPathNames(String path, String value) {
    assertThat(FieldTemplate.parse(path).isField()).isTrue();
    assertThat(text(path)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "tags[2]",
    "tags.a",
    "tags",
    "meta",
    "messages[0]",
    "messages.content",
    "title[0]",
    "title.x",
    "nothing",
    "nothing.x",
    "nowhere",
    "meta.nowhere"
  })
  void hasNoTextOfWhatIsNoValue(String path) {
    assertThat(text(path)).isEqualTo("no " + path);
  }

  @Test
  void namesAFieldSoThatItsPathIsReadBack() {
    for (String name :
        List.of("text", "meta.body", "say \"hi\"", "", "{b}", "a?", "x]", "a\\b.c")) {
      assertThat(FieldTemplate.parse(FieldPath.named(name)).paths().get(0).steps())
          .containsExactly(new FieldPath.Step(name, 0));
      assertThat(FieldPath.parse(FieldPath.below("m", name)).steps())
          .containsExactly(new FieldPath.Step("m", 0), new FieldPath.Step(name, 0));
    }
    assertThat(FieldPath.below("", "a")).isEqualTo("a");
  }

  @Test
  void joinsFieldsByATemplate() {
    assertThat(text("{title}\n\n{body}")).isEqualTo("On {braces}\n\ntwo\nlines");
    assertThat(text("{n}/{yes}")).isEqualTo("7/true");
    assertThat(text("{{{n}}} {{n}}")).isEqualTo("{7} {n}");
    assertThat(text("{messages[0].content}")).isEqualTo("first");
    assertThat(text("{[\"{b}\"]}{[\"a?\"]}")).isEqualTo("casked");
    assertThat(FieldTemplate.parse("{title}").isField()).isFalse();
  }

  @Test
  void asksForAllFieldsButOptionalOnes() {
    assertThat(text("{title} {nothing}")).isEqualTo("no nothing");
    assertThat(text("{title} {nowhere}")).isEqualTo("no nowhere");
    assertThat(text("{n}{nothing?}{nowhere?}{meta.x?}.")).isEqualTo("7.");
    assertThat(text("{n}{tags?}")).isEqualTo("no tags");
    assertThat(text("{n}{meta?}")).isEqualTo("no meta");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{title | the { at character 0 has no }; { itself is written {{",
        "a {b c | the { at character 2 has no }; { itself is written {{",
        "title} | the } at character 5 closes nothing; } itself is written }}",
        "a {} | the { at character 2 names no field",
        "a {?} | the { at character 2 names no field",
        "{{title}} | it names no field",
        "a[x] | the text from character 1 is neither",
        "a[-1] | the text from character 1 is neither",
        "a[1 | the text from character 1 is neither",
        "a[12345678901] | the text from character 1 is neither",
        "a[\"b] | the text from character 1 is neither",
        "a[\"b\" | the text from character 1 is neither",
        "a[0]b | the text from character 4 is neither",
        "[0] | a record is no list",
        "a.[\"b\"] | the text from character 1 is neither",
      })
  void refusesWhatIsNeitherPathNorTemplate(String source, String problem) {
    assertThatThrownBy(() -> FieldTemplate.parse(source))
        .isInstanceOf(CorpusException.class)
        .hasMessageStartingWith("\"" + source + "\" is not ")
        .hasMessageContaining(problem);
  }

  @Test
  void hasAtMostTwentyFields() {
    assertThat(FieldTemplate.parse("{a}".repeat(20)).paths()).hasSize(20);
    assertThatThrownBy(() -> FieldTemplate.parse("{a}".repeat(21)))
        .hasMessageContaining("it has 21 fields; allowed are 20");
  }

  @Test
  void givesIdAndGroupOrNone() {
    RecordFields fields =
        new RecordFields(
            FieldTemplate.parse("title"),
            "corpus.textField",
            false,
            FieldTemplate.parse("{meta.body}/{n}"),
            FieldTemplate.parse("tags"),
            null,
            List.of());
    JsonRecord record = new JsonRecord(fields.paths(), 0);
    byte[] line = LINE.getBytes(UTF_8);
    record.parse(line, 0, line.length);
    assertThat(fields.paths().stream().map(FieldPath::source))
        .isEqualTo(List.of("title", "meta.body", "n", "tags"));
    assertThat(fields.id(record)).isEqualTo("nested/7");
    assertThat(fields.group(record)).isNull();
  }
}
