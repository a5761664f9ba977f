package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.progress.RunTimes;

/** What a run says of its stages: units, shares and times. */
@Tag("run")
final class StageTimesTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** Opening a file counts like 8 KiB of text, of which a unit takes 4 MiB: several units. */
  private Path corpus() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < 600; i++) {
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "file-%04d.txt", i)),
          "one two three four " + i + " five six seven eight nine ten " + i % 7 + "\n");
    }
    return corpus;
  }

  private CommandLineRun run(Path corpus, String... settings) {
    return Jobs.sample(
        folder.resolve("out"),
        List.of(
            "--verbose",
            "--events=" + folder.resolve("events.jsonl"),
            "corpus={inputs: ['" + corpus + "'], format: lines, validation: 0.1}",
            "corpus.deduplicate=exact",
            "shards.groupBy=null",
            "shards.formats=[parquet, megatron, npy, litdata]",
            "learn={ngrams: 2}",
            "embeddings={learn: {dim: 8}, output: [rows, pooled]}",
            "tokenizer.train.vocabSize=300",
            "tokenizer.train.maxBytes=100000"),
        settings);
  }

  /** The last figures of each stage. */
  private Map<String, JsonNode> finished() throws IOException {
    Map<String, JsonNode> stages = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("events.jsonl"))) {
      JsonNode event = JSON.readTree(line);
      if (event.path("event").asText().equals("stage.finished")) {
        assertThat(stages.put(event.path("stage").asText(), event)).as(line).isNull();
      }
    }
    return stages;
  }

  private void requireWholeStages(Map<String, JsonNode> stages) {
    stages.forEach(
        (name, stage) -> {
          assertThat(stage.path("share").asDouble()).as("%s", stage).isEqualTo(1);
          assertThat(stage.path("threads").asInt()).as("%s", stage).isZero();
          assertThat(stage.path("unitsDone").asLong() + stage.path("unitsSkipped").asLong())
              .as("%s", stage)
              .isEqualTo(stage.path("unitsPlanned").asLong());
        });
  }

  private RunTimes times() throws IOException {
    return java.util.Objects.requireNonNull(
        RunTimes.find(OutputPaths.of(folder.resolve("out").toString())));
  }

  @Test
  void eachStageHasItsOwnUnitsAndTheTimeThatThreadsWorkedOnIt() throws IOException {
    Path corpus = corpus();
    CommandLineRun first = run(corpus).succeeded();
    Map<String, JsonNode> stages = finished();
    assertThat(stages)
        .containsOnlyKeys(
            "deduplicate",
            "choose",
            "count",
            "learn",
            "encode",
            "convert",
            "count_ngrams",
            "learn_ngrams",
            "count_pairs",
            "learn_vectors",
            "join",
            "measure",
            "manifest");
    requireWholeStages(stages);
    long units = stages.get("encode").path("unitsDone").asLong();
    assertThat(units).isGreaterThan(1);
    assertThat(stages.get("convert").path("unitsDone").asLong())
        .as("three layouts of the units of both sides, and what describes their folders")
        .isBetween(3 * units, 2 * 3 * units + 4);
    RunTimes times = times();
    assertThat(times.stages())
        .extracting(RunTimes.StageTime::stage)
        .hasSize(stages.size())
        .startsWith("find duplicates", "choose documents", "count pretokens", "learn merges")
        .endsWith("write manifest");
    assertThat(times.stages().stream().mapToDouble(RunTimes.StageTime::busySeconds).sum())
        .isGreaterThan(0)
        .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() * times.seconds());
    assertThat(first.out())
        .contains("busy time of each stage, added up over threads:")
        .contains("the run ");

    Files.delete(folder.resolve("events.jsonl"));
    Files.delete(folder.resolve("out/shards/parquet/part-0000001-000.parquet"));
    run(corpus).succeeded();
    requireWholeStages(finished());
    assertThat(finished().get("encode").path("unitsDone").asLong()).isEqualTo(1);
    assertThat(finished().get("encode").path("unitsSkipped").asLong()).isEqualTo(units - 1);
  }

  @Test
  void aShuffleCountsTheRangesThatItMakes() throws IOException {
    run(corpus(), "shards.shuffle={of: documents}", "shards.pack={length: 16}", "learn=null")
        .succeeded();
    Map<String, JsonNode> stages = finished();
    assertThat(stages).containsKeys("shuffle", "pack", "convert");
    requireWholeStages(stages);
  }
}
