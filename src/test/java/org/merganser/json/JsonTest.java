package org.merganser.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTest {
  record Pair(int b, List<String> a) {}

  private static final Pair PAIR = new Pair(7, List.of("x", "😀"));

  @Test
  void writesFieldsInOrderAndCharactersBeyondTheBasicPlaneAsTheyAre() {
    assertThat(Json.line(PAIR)).isEqualTo("{\"b\":7,\"a\":[\"x\",\"😀\"]}");
    assertThat(text(Json.file(PAIR)))
        .isEqualTo("{\n  \"b\" : 7,\n  \"a\" : [\n    \"x\",\n    \"😀\"\n  ]\n}\n");
    assertThat(text(Json.figures(PAIR)))
        .isEqualTo("{\n  \"b\" : 7,\n  \"a\" : [ \"x\", \"😀\" ]\n}\n");
  }

  @Test
  void sortsMapsAndWritesDecimalsPlain() {
    assertThat(Json.line(Map.of("z", new BigDecimal("1E-7"), "a", new BigDecimal("1E+3"))))
        .isEqualTo("{\"a\":1000,\"z\":0.0000001}");
  }

  @Test
  void readsWhatItWrote() {
    assertThat(Json.read(Json.file(PAIR), Pair.class, "f", IllegalArgumentException::new))
        .isEqualTo(PAIR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"b\":7} | Missing required creator property 'a'",
        "{\"b\":7,\"a\":[],\"c\":1} | Unrecognized field \"c\"",
        "{\"b\":null,\"a\":[]} | Cannot map `null` into type `int`",
        "{\"b\":7,\"a\":[]} 1 | Trailing token",
        "null | it holds null",
        "{\"b\":7, | Unexpected end-of-input",
      })
  void refusesWhatIsNotTheValueAndNamesTheFile(String json, String problem) {
    assertThatThrownBy(
            () -> Json.read(bytes(json), Pair.class, "run/f.json", IllegalArgumentException::new))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("run/f.json is not a Pair: ")
        .hasMessageContaining(problem);
  }

  @Test
  void readsTheSchemaAndNotWhatComesAfterIt() {
    byte[] damagedLater = bytes("{\"x\":{\"schema\":0},\"schema\":12,\"?");
    assertThat(Json.schema(damagedLater, "f", IllegalArgumentException::new)).isEqualTo(12);
  }

  @Test
  void aSchemaThatIsNoNumberIsMissing() {
    for (String json :
        List.of(
            "{\"x\":{\"schema\":0}}",
            "{\"schema\":null}",
            "{\"schema\":\"\"}",
            "{\"schema\":\"1\"}",
            "{\"schema\":[1]}",
            "{\"schema\":1.5}",
            "7")) {
      assertThatThrownBy(() -> Json.schema(bytes(json), "f", IllegalArgumentException::new))
          .as(json)
          .hasMessage("f: schema: there is none");
    }
  }

  /** The second is bytes that look like UTF-32, which Jackson refuses with another exception. */
  @Test
  void theProblemOfBytesThatAreNotJsonIsOneLine() {
    for (byte[] json :
        List.of(bytes("{\n\"a\":?}"), new byte[] {'{', 0, 0, 0, '"', '"', '^', '_'})) {
      assertThatThrownBy(() -> Json.MAPPER.readTree(json))
          .isInstanceOfSatisfying(
              IOException.class,
              problem -> assertThat(Json.problem(problem)).isNotBlank().doesNotContain("\n"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
