package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;

/** A byte-level tokenizer.json without a decoder, as HF's trainer writes one. */
@Tag("run")
final class MissingDecoderTest {
  @TempDir Path folder;

  @Test
  void theReportChecksBytesAgainstTheModelAndSaysWhatIsMissing() throws IOException {
    Path trained = folder.resolve("trained");
    Jobs.train(
        trained,
        "--input sample-data/corpus/symbols-and-code.jsonl --vocab-size 300 --pattern qwen2");
    ObjectNode json =
        (ObjectNode) Json.MAPPER.readTree(Files.readAllBytes(trained.resolve("tokenizer.json")));
    json.putNull("decoder");
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.write(tokenizer, Json.MAPPER.writeValueAsBytes(json));
    Path output = folder.resolve("ids");
    CommandLineRun.line(
            "encode --tokenizer %s --input sample-data/corpus/symbols-and-code.jsonl --output %s",
            tokenizer, output)
        .succeeded();
    JsonNode verdict =
        Json.MAPPER.readTree(Files.readAllBytes(output.resolve("statistics.json"))).path("verdict");
    assertThat(check(verdict, "round-trip").path("passed").asBoolean()).isTrue();
    assertThat(check(verdict, "every-byte").path("passed").asBoolean()).isTrue();
    assertThat(check(verdict, "decoder").path("passed").asBoolean()).isFalse();
    assertThat(check(verdict, "decoder").path("found").asText())
        .isEqualTo("tokenizer.json has no decoder");
    assertThat(check(verdict, "decoder").path("advice").asText())
        .contains("{\"type\": \"ByteLevel\"}");
    assertThat(verdict.toString()).doesNotContain("this is a defect");
    String inspected = CommandLineRun.of("inspect", output.toString()).succeeded().out();
    assertThat(inspected)
        .contains("{\"type\":\"ByteLevel\"", "normalizer             null", "model options")
        .doesNotContain("[addPrefixSpace", "Options[");
  }

  private static JsonNode check(JsonNode verdict, String name) {
    for (JsonNode check : verdict) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name + " in " + verdict);
  }
}
