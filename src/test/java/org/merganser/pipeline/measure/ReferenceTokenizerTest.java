package org.merganser.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;

/** A run that compares its vocabulary with a reference tokenizer. */
@Tag("run")
final class ReferenceTokenizerTest {
  @TempDir Path folder;

  @Test
  void leavesOutAndCountsTextsThatTheReferenceCannotEncode() throws IOException {
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        """
        {"text": "abba"}
        {"text": "abc"}
        {"text": "ba"}
        """);
    Files.writeString(
        folder.resolve("reference.json"),
        """
        {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
         "post_processor": null, "decoder": null,
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
        """);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ corpus.jsonl ] }
            tokenizer: { train: { vocabSize: 260, pattern: gpt2 } }
            report: { reference: [ reference.json ] }
            output: out
            """);
    CommandLineRun.of("run", job.toString()).succeeded();
    JsonNode statistics = Json.MAPPER.readTree(folder.resolve("out/statistics.json").toFile());
    JsonNode comparison = statistics.path("comparison");
    assertThat(comparison.path("leftOut").asInt()).isEqualTo(1);
    assertThat(comparison.path("texts").path("documents").asInt()).isEqualTo(2);
    assertThat(comparison.at("/vocabularies/1/figures/tokens").asInt()).isEqualTo(6);
  }
}
