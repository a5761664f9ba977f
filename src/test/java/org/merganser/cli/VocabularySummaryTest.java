package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.json.Json;

/** What the end of a run says of its vocabulary: its size, and whether ids keep their meaning. */
@Tag("run")
final class VocabularySummaryTest {
  private static final String ENDED = " of 5,000: no remaining pair occurs twice";
  private static final String RULED =
      " of 5,000: no remaining pair that may be merged occurs twice";

  @TempDir Path folder;

  @BeforeEach
  void writeCorpus() throws IOException {
    write("a", "the cat and the dog and the bird saw the cat");
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(folder.resolve("corpus/" + name + ".txt"), text);
  }

  private CommandLineRun train(String output, String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", "--input", folder + "/corpus", "--output"));
    words.add(folder.resolve(output).toString());
    words.addAll(List.of(more));
    if (!words.contains("--continue")) {
      words.addAll(List.of("--pattern", "gpt2"));
    }
    return CommandLineRun.of(words.toArray(String[]::new)).succeeded();
  }

  private CommandLineRun run(String output, String... settings) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ corpus ] }
            tokenizer: { train: { vocabSize: 5000, pattern: gpt2 } }
            report: { enabled: false }
            output: %s
            """
                .formatted(output));
    List<String> words = new ArrayList<>(List.of("run", job.toString()));
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    return CommandLineRun.of(words.toArray(String[]::new)).succeeded();
  }

  private int learned(String output) throws IOException {
    Path manifest = folder.resolve(output).resolve("manifest.json");
    JsonNode json = Json.MAPPER.readTree(manifest.toFile());
    return json.at("/training/tokens").asInt();
  }

  @Test
  void littleTextGivesFewerIdsAndTheSummarySaysWhy() throws IOException {
    CommandLineRun trained = train("words", "--vocab-size", "5000", "--added-token", "bird");
    assertThat(trained.out()).contains("  learned        " + learned("words") + ENDED);
    assertThat(learned("words")).isBetween(257, 280);
    assertThat(train("full", "--vocab-size", "258").out()).doesNotContain("learned");
    assertThat(train("rare", "--vocab-size", "5000", "--min-frequency", "1").out())
        .contains(" of 5,000: no pair is left");
    assertThat(train("longer", "--vocab-size", "5000", "--continue", folder + "/words").out())
        .contains("  learned        " + (learned("words") + 1) + ENDED);
  }

  @Test
  void theOtherWaysToLearnSayItToo() throws IOException {
    assertThat(train("across", "--vocab-size", "5000", "--superwords", "0.9").out())
        .contains("  learned        " + learned("across") + RULED);
    assertThat(train("short", "--vocab-size", "5000", "--max-token-length", "3").out())
        .contains("  learned        " + learned("short") + RULED);
    CommandLineRun fair =
        run(
            "parity",
            "corpus.inputs=[{path: " + folder + "/corpus, group: a}]",
            "tokenizer.train.parity.window=0",
            "shards.formats=[]");
    assertThat(fair.out()).contains("  learned        " + learned("parity") + RULED);
    assertThat(run("shards").out()).contains("  learned        " + learned("shards") + ENDED);
  }

  @Test
  void anotherVocabularyIsSaid() throws IOException {
    assertThat(run("out").out()).doesNotContain("vocabulary changed").doesNotContain("kept");
    assertThat(run("out", "shards.formats=[parquet, bin]").out()).contains("\nvocabulary kept\n");
    write("b", "and the fish saw the bird and the fish");
    CommandLineRun changed = run("out", "shards.formats=[parquet, bin]");
    assertThat(changed.out())
        .containsPattern(
            "\nvocabulary changed \\(sha \\w{12} → \\w{12}\\): all 2 shards were encoded again\n");
    String job = folder + "/job.yaml";
    CommandLineRun again =
        CommandLineRun.line("run %s --json --set shards.formats=%s", job, "[parquet, bin]");
    JsonNode change = Json.MAPPER.readTree(again.succeeded().out()).path("vocabularyChange");
    assertThat(changed.out())
        .contains(
            "(sha %.12s → %.12s)"
                .formatted(change.path("before").textValue(), change.path("after").textValue()));
    assertThat(change.path("shards").intValue()).isEqualTo(2);
  }

  @Test
  void aNightlyJobThatLoadsItsVocabularyKeepsIt() throws IOException {
    train("vocabulary", "--vocab-size", "300");
    String[] nightly = {
      "tokenizer.train=null", "tokenizer.load=" + folder + "/vocabulary", "corpus.append=true",
    };
    run("out", nightly);
    Path shard = folder.resolve("out/shards/parquet/part-0000000-000.parquet");
    byte[] first = Files.readAllBytes(shard);
    write("b", "and the fish saw the bird and the fish");
    assertThat(run("out", nightly).out())
        .contains("\nvocabulary kept\n")
        .contains("1 encoded, 1 kept");
    assertThat(shard).hasBinaryContent(first);
  }
}
