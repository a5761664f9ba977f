package org.merganser.tokenizer.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonOutputTest {

  private static String text(JsonOutput out) {
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void escapesWhatSerdeJsonEscapesAndNothingElse() {
    String controls = "\u0000\b\t\n\u000b\f\r\u001f \"\\/\u007f\u0080\u2028é🙂";
    assertThat(text(JsonOutput.compact().value(controls)))
        .isEqualTo("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\u007f\u0080\u2028é🙂\"");
  }

  @Test
  void indentsByTwoSpacesAndLeavesEmptyContainersOnOneLine() {
    JsonOutput out = JsonOutput.pretty().beginObject();
    out.key("a").beginArray().endArray();
    out.key("b").beginObject().endObject();
    out.key("c").beginArray().value(1).beginArray().value("x").value(true).endArray().endArray();
    out.key("d").nullValue().endObject();
    assertThat(text(out))
        .isEqualTo(
            """
            {
              "a": [],
              "b": {},
              "c": [
                1,
                [
                  "x",
                  true
                ]
              ],
              "d": null
            }""");
  }

  @Test
  void writesOnOneLineWithoutSpaces() {
    JsonOutput out = JsonOutput.compact().beginObject();
    out.key("a").value(0).key("b").beginArray().value("x").nullValue().endArray().endObject();
    assertThat(text(out)).isEqualTo("{\"a\":0,\"b\":[\"x\",null]}");
  }
}
