package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;

/**
 * A job whose distinct pretokens don't fit its heap, as a process of its own: it ends, and the
 * minimum count that it names is enough for the same heap.
 */
@Tag("long")
final class TrainingCutTest {
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

  /** Runs the job in a process of its own; returns its exit code. */
  private int runWithHeap(String heap, List<String> arguments) throws Exception {
    List<String> options =
        List.of("-Xmx" + heap, "-Dmerganser.scratch=" + folder.resolve("scratch"));
    List<String> command = JavaProcess.command(options, "org.merganser.cli.Main", arguments);
    command.add("--targetParallelism=1");
    return ChildProcess.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()))
        .waitFor();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Test
  void aJobWhosePretokensDoNotFitEndsAndNamesAMinimumCountWithWhichTheyDo() throws Exception {
    writeCorpus();
    Path small = folder.resolve("small");
    int failed = runWithHeap("64m", arguments(small));
    assertThat(failed).as(log()).isEqualTo(7);
    assertThat(small.resolve("manifest.json")).doesNotExist();
    assertThat(small.resolve("tokenizer.json")).doesNotExist();
    Matcher said =
        Pattern.compile("write (tokenizer.train.minPretokenCount): (\\d+) into the job")
            .matcher(log());
    assertThat(said.find()).as(log()).isTrue();
    long minimum = Long.parseLong(said.group(2));
    assertThat(minimum).isGreaterThan(1);

    String setting = said.group(1) + "=" + minimum;
    Path again = folder.resolve("again");
    int done = runWithHeap("64m", arguments(again, setting));
    assertThat(done).as(log()).isZero();
    long kept = counts.values().stream().filter(count -> count >= minimum).count();
    long keptMass =
        counts.values().stream().filter(count -> count >= minimum).mapToLong(count -> count).sum();
    String leftOut =
        String.format(
            Locale.ROOT,
            "by minPretokenCount: %d, %,d of %,d distinct pretokens (%.4f %% of their occurrences)",
            minimum,
            counts.size() - kept,
            counts.size(),
            100.0 * (WORDS - keptMass) / WORDS);
    assertThat(log()).contains("  left out       " + leftOut);
    CommandLineRun.of("verify", again.toString()).succeeded();

    Path large = folder.resolve("large");
    CommandLineRun.of(arguments(large, setting).toArray(String[]::new)).succeeded();
    assertThat(OutputTree.sums(again)).isEqualTo(OutputTree.sums(large));

    // The rerun with more heap, of the job as it was, has no trace of the attempt with less.
    CommandLineRun.of(arguments(small).toArray(String[]::new)).succeeded();
    Path fresh = folder.resolve("fresh");
    CommandLineRun.of(arguments(fresh).toArray(String[]::new)).succeeded();
    assertThat(OutputTree.sums(small)).isEqualTo(OutputTree.sums(fresh));
    assertThat(OutputTree.sums(small).get("tokenizer.json"))
        .isNotEqualTo(OutputTree.sums(large).get("tokenizer.json"));
  }
}
