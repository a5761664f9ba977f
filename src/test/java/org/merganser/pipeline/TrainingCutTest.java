package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;

/**
 * A job whose distinct pretokens don't fit its heap, as a process of its own: it says what was cut,
 * and its vocabulary is the one that the minimum count it names gives anywhere.
 */
final class TrainingCutTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int WORDS = 600_000;
  private static final int DISTINCT = 1_000_000;

  @TempDir Path folder;
  private final Map<String, Integer> counts = new HashMap<>();

  /** Words whose frequencies fall like 1/rank, each a pretoken with the space before it. */
  private void writeCorpus() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < WORDS; word++) {
      long rank = (long) Math.exp(random.nextDouble() * Math.log(DISTINCT));
      String pretoken = " x" + letters(rank);
      counts.merge(pretoken, 1, Integer::sum);
      text.append(pretoken);
      if (word % 1000 == 999) {
        text.append('\n');
      }
    }
    Files.writeString(folder.resolve("corpus.txt"), text);
  }

  private static String letters(long rank) {
    StringBuilder letters = new StringBuilder();
    for (long left = rank * 2_654_435_761L; left > 0; left /= 26) {
      letters.append((char) ('a' + left % 26));
    }
    return letters.toString();
  }

  private List<String> arguments(Path out, String... settings) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: {inputs: ['%s'], format: lines}
            tokenizer: {train: {vocabSize: 400, pattern: gpt2}}
            shards: {formats: []}
            output: unused
            """
                .formatted(folder.resolve("corpus.txt")));
    List<String> arguments = new ArrayList<>(List.of("run", job.toString()));
    arguments.addAll(List.of("--set", "output=" + out));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  private String runWithHeap(String heap, List<String> arguments) throws Exception {
    List<String> options =
        List.of("-Xmx" + heap, "-Dmerganser.scratch=" + folder.resolve("scratch"));
    List<String> command = JavaProcess.command(options, "org.merganser.cli.Main", arguments);
    command.add("--targetParallelism=1");
    return ChildProcess.output(new ProcessBuilder(command));
  }

  @Test
  void aJobWhosePretokensDoNotFitCutsRareOnesAndSaysWhich() throws Exception {
    writeCorpus();
    Path small = folder.resolve("small");
    String log = runWithHeap("64m", arguments(small));
    JsonNode training = JSON.readTree(small.resolve("run/training.json").toFile());
    assertThat(training.get("forcedByMemory").asBoolean()).as("%s %s", training, log).isTrue();
    long minimum = training.get("minimumCount").asLong();
    long kept = counts.values().stream().filter(count -> count >= minimum).count();
    long keptMass =
        counts.values().stream().filter(count -> count >= minimum).mapToLong(count -> count).sum();
    assertThat(minimum).isGreaterThan(1);
    assertThat(training.get("distinctPretokens").asLong()).isEqualTo(kept);
    assertThat(training.get("occurrences").asLong()).isEqualTo(keptMass);
    assertThat(training.get("distinctLeftOut").asLong()).isEqualTo(counts.size() - kept);
    assertThat(training.get("occurrencesLeftOut").asLong()).isEqualTo(WORDS - keptMass);
    assertThat(training.get("memoryBytes").asLong()).isBetween(1L, 64L << 20);

    JsonNode cut = JSON.readTree(small.resolve("training-cut.json").toFile());
    for (Map.Entry<String, JsonNode> field : cut.properties()) {
      assertThat(training.get(field.getKey())).isEqualTo(field.getValue());
    }
    assertThat(cut.get("minimumCount").asLong()).isEqualTo(minimum);
    assertThat(Files.readString(small.resolve("outputs.jsonl"))).contains("training-cut.json");
    assertThat(log)
        .contains(counts.size() + " distinct pretokens do not fit")
        .contains("tokenizer.train.minPretokenCount: " + minimum + " gives the same vocabulary");

    Path large = folder.resolve("large");
    CommandLineRun.of(
            arguments(large, "tokenizer.train.minPretokenCount=" + minimum).toArray(String[]::new))
        .succeeded();
    assertThat(large.resolve("training-cut.json")).doesNotExist();
    SortedMap<String, String> expected = OutputTree.sums(large);
    assertThat(OutputTree.sums(small).get("tokenizer.json"))
        .isNotNull()
        .isEqualTo(expected.get("tokenizer.json"));
    JsonNode wanted = JSON.readTree(large.resolve("run/training.json").toFile());
    assertThat(wanted.get("forcedByMemory").asBoolean()).isFalse();
    assertThat(wanted.get("distinctLeftOut")).isEqualTo(training.get("distinctLeftOut"));
  }
}
