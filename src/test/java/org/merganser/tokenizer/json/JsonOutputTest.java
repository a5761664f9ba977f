package org.merganser.tokenizer.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonOutputTest {

  private static String text(JsonOutput form, Object value) {
    return new String(form.write(out -> out.writePOJO(value)), StandardCharsets.UTF_8);
  }

  @Test
  void escapesWhatSerdeJsonEscapesAndNothingElse() {
    String controls = "\u0000\b\t\n\u000b\f\r\u001f \"\\/\u007f\u0080\u2028é🙂";
    assertThat(text(JsonOutput.COMPACT, controls))
        .isEqualTo("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\u007f\u0080\u2028é🙂\"");
    assertThat(text(JsonOutput.COMPACT, Map.of("🙂\u001f", 1))).isEqualTo("{\"🙂\\u001f\":1}");
  }

  @Test
  void indentsByTwoSpacesAndLeavesEmptyContainersOnOneLine() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("a", List.of());
    value.put("b", Map.of());
    value.put("c", List.of(1, List.of("x", true)));
    value.put("d", null);
    assertThat(text(JsonOutput.PRETTY, value))
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
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("a", 0);
    value.put("b", Arrays.asList("x", null));
    assertThat(text(JsonOutput.COMPACT, value)).isEqualTo("{\"a\":0,\"b\":[\"x\",null]}");
  }
}
