package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.ShardRows;

/** {@code corpus.validationInputs}: validation data as they are given, learned from nowhere. */
@Tag("run")
final class ValidationInputsTest {
  private static final String TRAIN = "tokenizer={train: {vocabSize: 320, pattern: gpt2}}";

  @TempDir Path folder;
  private Path data;
  private Path out;

  @BeforeEach
  void writeTwoSplits() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    out = folder.resolve("out");
    for (int file = 0; file < 3; file++) {
      write("train-" + file, "a rose is a rose", 20);
      write("validation-" + file, "zebra zebra zebra zebra", 20);
    }
  }

  private void write(String name, String text, int documents) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      lines.add(
          "{\"id\":\"%s/%d\",\"lang\":\"%s\",\"text\":\"%s %d of %s\"}"
              .formatted(name, i, i % 2 == 0 ? "en" : "de", text, i, name));
    }
    Files.write(data.resolve(name + ".jsonl"), lines);
  }

  /** Runs a job from its settings alone; HERE is the folder of the data. */
  private CommandLineRun run(String command, Path output, String... settings) throws IOException {
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job, "corpus: {inputs: [data/train-*]}\noutput: out\nreport: {enabled: false}\n");
    List<String> args = new ArrayList<>(List.of(command, job.toString()));
    args.add("--set=output=" + output);
    for (String setting : settings) {
      args.add(setting.startsWith("--") ? setting : "--set=" + setting.replace("HERE", "" + data));
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static List<String> ids(Path shards) throws IOException {
    return ShardRows.of(shards).stream().map(row -> row.docId).toList();
  }

  private static Manifest manifest(Path output) throws IOException {
    return Manifest.read(Files.readAllBytes(output.resolve(Manifest.FILE)), "manifest");
  }

  @Test
  void validationDataAreEncodedApartAndLearnedFromNowhere() throws IOException {
    run("run", folder.resolve("alone"), TRAIN).succeeded();
    run("run", out, TRAIN, "corpus.validationInputs=[HERE/validation-*]").succeeded();

    assertThat(out.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("alone/tokenizer/tokenizer.json"));
    assertThat(ids(out.resolve("shards/parquet")))
        .isEqualTo(ids(folder.resolve("alone/shards/parquet")));
    assertThat(ids(out.resolve("validation/parquet")))
        .hasSize(60)
        .allMatch(id -> id.startsWith("validation-"));
    RecordSums totals = manifest(out).totals().sums();
    assertThat(List.of(totals.documents(), totals.validation().documents(), totals.records()))
        .containsExactly(60L, 60L, 120L);

    // Each file says in inputs.jsonl on which side it is.
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve(Manifest.INPUTS))) {
      lines.add(Json.MAPPER.readTree(line));
    }
    assertThat(lines)
        .hasSize(6)
        .allSatisfy(
            line ->
                assertThat(line.path("validationInput").asBoolean())
                    .isEqualTo(line.path("path").asText().startsWith("validation-"))
                    .isEqualTo(line.path("documents").asInt() == 0));

    assertThat(CommandLineRun.of("verify", "" + out, "--full").succeeded().out())
        .contains("is whole", "120 rows read, 120 documents compared with their source");
    assertThat(run("run", out, TRAIN, "corpus.validationInputs=[HERE/validation-*]").out())
        .contains("Nothing to do");
  }

  @Test
  void theRequestHasTheBytesOfBothSides() throws IOException {
    String validation = "corpus.validationInputs=[HERE/validation-*]";
    run("run", out, TRAIN, validation).succeeded();
    Manifest first = manifest(out);
    assertThat(first.request().keys())
        .containsKeys("corpus.inputs", "corpus.validationInputs", "corpus.validationInputs.format");
    CommandLineRun held = run("run", out, TRAIN, validation, "--key");
    assertThat(held.endedWith(0).out()).contains("request " + first.request().sha256());

    write("validation-1", "another zebra", 20);
    assertThat(run("run", out, TRAIN, validation, "--key").endedWith(4).out())
        .contains("does not hold it: 1 file changed")
        .doesNotContain("request " + first.request().sha256());
    run("run", out, TRAIN, validation).succeeded();
    SortedMap<String, String> before = first.request().keys();
    SortedMap<String, String> after = manifest(out).request().keys();
    assertThat(after.get("corpus.inputs")).isEqualTo(before.get("corpus.inputs"));
    assertThat(after.get("corpus.validationInputs"))
        .isNotEqualTo(before.get("corpus.validationInputs"));

    // The same files on one side are another request.
    assertThat(run("run", out, TRAIN, "corpus.inputs=[HERE]", "--key").endedWith(4).out())
        .contains("files in another order or for another use");
  }

  @Test
  void aFileThatBothKeysNameIsValidationDataAlone() throws IOException {
    run("run", folder.resolve("alone"), TRAIN).succeeded();
    String both = "corpus={inputs: [HERE], validationInputs: [HERE/validation-*]}";
    CommandLineRun plan = run("run", out, TRAIN, both, "--explain");
    assertThat(plan.succeeded().out())
        .contains("validation-0.jsonl (jsonl, none, for validation)", "train-0.jsonl (jsonl, none)")
        .contains("6 files, 3 of them for validation");
    run("run", out, TRAIN, both).succeeded();
    assertThat(ids(out.resolve("shards/parquet"))).allMatch(id -> id.startsWith("train-"));
    assertThat(out.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("alone/tokenizer/tokenizer.json"));

    // So it is where the vocabulary is learned from inputs of its own, and from them alone.
    Path own = folder.resolve("own");
    run("run", own, TRAIN, both, "tokenizer.train.inputs=[HERE]").succeeded();
    assertThat(own.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("alone/tokenizer/tokenizer.json"));
    Path learned = folder.resolve("learned");
    run("run", learned, TRAIN, both, "shards.formats=[]").succeeded();
    assertThat(learned.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("alone/tokenizer/tokenizer.json"));

    assertThat(run("run", out, TRAIN, "corpus.validationInputs=[HERE/train-*]").endedWith(2).err())
        .contains("corpus.inputs hold no file that corpus.validationInputs do not hold");
  }

  @Test
  void ofTheSameTextOnBothSidesValidationIsKept() throws IOException {
    Files.copy(data.resolve("train-1.jsonl"), data.resolve("validation-9.jsonl"));
    run(
            "run",
            out,
            TRAIN,
            "corpus.validationInputs=[HERE/validation-*]",
            "corpus.deduplicate=exact")
        .succeeded();
    assertThat(ids(out.resolve("shards/parquet")))
        .hasSize(40)
        .noneMatch(id -> id.startsWith("train-1/"));
    assertThat(ids(out.resolve("validation/parquet")))
        .hasSize(80)
        .contains("train-1/0", "train-1/19");
    assertThat(manifest(out).totals().sums().duplicates()).isEqualTo(20);
  }

  @Test
  void excludedIdsAndGroupsHoldForBothSides() throws IOException {
    Path excluded = Files.writeString(folder.resolve("ids"), "train-0/1\nvalidation-0/1\nnone\n");
    run(
            "run",
            out,
            TRAIN,
            "corpus.validationInputs=[{path: HERE/validation-0.jsonl, group: fr},"
                + " HERE/validation-1.jsonl]",
            "corpus.excludeIds=" + excluded,
            "shards.partitionBy=lang")
        .succeeded();
    assertThat(manifest(out).totals().sums().excluded()).isEqualTo(2);
    assertThat(ids(out.resolve("shards/parquet/lang=en"))).hasSize(30);
    assertThat(ids(out.resolve("validation/parquet/lang=en"))).hasSize(10);
    assertThat(ids(out.resolve("validation/parquet/lang=fr")))
        .hasSize(19)
        .doesNotContain("validation-0/1");
    assertThat(CommandLineRun.of("verify", "" + out, "--full").succeeded().out())
        .contains("is whole");
  }

  @Test
  void appendingAddsOnlyTheNewFilesOfBothSides() throws IOException {
    run("run", folder.resolve("first"), TRAIN).succeeded();
    String load = "tokenizer={load: '" + folder.resolve("first") + "'}";
    String[] settings = {load, "corpus.append=true", "corpus.validationInputs=[HERE/validation-*]"};
    run("run", out, settings).succeeded();
    SortedMap<String, String> shards = OutputTree.sums(out, "shards/");
    SortedMap<String, String> validation = OutputTree.sums(out, "validation/");
    write("train-7", "a new rose", 5);
    write("validation-7", "a new zebra", 5);
    run("run", out, settings).succeeded();
    assertThat(OutputTree.sums(out, "shards/")).containsAllEntriesOf(shards).hasSize(2);
    assertThat(OutputTree.sums(out, "validation/")).containsAllEntriesOf(validation).hasSize(2);
    assertThat(ids(out.resolve("shards/parquet"))).contains("train-7/4").hasSize(65);
    assertThat(ids(out.resolve("validation/parquet"))).contains("validation-7/4").hasSize(65);

    // A file of a state does not change its side.
    assertThat(run("run", out, load, "corpus={inputs: [HERE], append: true}").endedWith(8).err())
        .contains("validation-0.jsonl: was read for validation");
    assertThat(OutputTree.sums(out, "validation/")).containsAllEntriesOf(validation);
  }

  @Test
  void countTellsTheTokensOfBothSides() throws IOException {
    run("run", folder.resolve("first"), TRAIN).succeeded();
    String load = "tokenizer={load: '" + folder.resolve("first") + "'}";
    assertThat(
            run("count", out, load, "corpus.validationInputs=[HERE/validation-*]")
                .succeeded()
                .out())
        .containsPattern("for validation +60 with [0-9,]+ tokens, not counted above");
  }

  @Test
  void refusesWhatContradictsIt() throws IOException {
    assertThat(
            run(
                    "run",
                    out,
                    TRAIN,
                    "corpus={inputs: [HERE], validation: 0.1, validationInputs: [{path: HERE,"
                        + " weight: 3}]}")
                .endedWith(2)
                .err())
        .contains(
            "corpus.validationInputs: cannot be combined with corpus.validation, which takes a"
                + " share of inputs",
            "corpus.validationInputs[0].weight: 3 has no effect, since nothing is learned from it");
    assertThat(run("run", out, TRAIN, "corpus.validationInputs=[HERE/none-*]").endedWith(2).err())
        .contains("none-* matches no file");
  }
}
