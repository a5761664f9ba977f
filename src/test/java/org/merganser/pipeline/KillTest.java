package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.JavaProcess;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.pipeline.verify.VerificationReport;
import org.merganser.pipeline.verify.VerificationReport.State;

/**
 * Kills the real process at random instants, again and again, and lets the same command go on:
 * nothing visible is ever incomplete, what was completed is not done again, and the end is byte for
 * byte that of a run that nobody disturbed. {@code -Dmerganser.seed} repeats the instants.
 */
public class KillTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private Path out;
  private Path events;
  private Path log;
  private final Map<String, FileTime> completed = new HashMap<>();

  @Test
  @Tag("kill")
  void goesOnAfterEachOfThreeKills() throws Exception {
    survive(Integer.getInteger("merganser.kills", 3), 4);
  }

  @Test
  @Tag("soak")
  void goesOnAfterEachOfFiftyKills() throws Exception {
    survive(50, 60);
  }

  @Test
  @Tag("kill")
  void aSecondRunIsRefusedWhileTheFirstLivesAndTakesOverWhenItIsDead() throws Exception {
    writeCorpus(new Random(7), 2);
    out = folder.resolve("out");
    events = folder.resolve("events.jsonl");
    log = folder.resolve("log");
    Process first = start();
    while (!Files.exists(out.resolve("run/holder.json"))) {
      assertThat(first.waitFor(20, TimeUnit.MILLISECONDS)).as("%s", log()).isFalse();
    }
    String[] again = {"run", folder.resolve("job.yaml").toString(), "--set", "output=" + out};
    assertThat(CommandLineRun.of(again).endedWith(5).err())
        .contains(out + " is being written by another run (process " + first.pid() + " on ");
    first.destroyForcibly().waitFor();
    assertThat(CommandLineRun.of(again).succeeded().err())
        .contains("an earlier run ended without finishing (process " + first.pid() + " on ");
    assertThat(out.resolve("run/holder.json")).doesNotExist();
  }

  /** Old shards keep their bytes at every instant, and the end is that of an undisturbed run. */
  @Test
  @Tag("kill")
  void anAppendGoesOnAfterEachOfTwoKills() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    writeCorpus(new Random(7), 1);
    log = folder.resolve("log");
    events = folder.resolve("events.jsonl");
    Path tokenizer = folder.resolve("tokenizer");
    Jobs.train(tokenizer, "--input=%s --vocab-size=500 --pattern=gpt2", folder.resolve("corpus"));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        corpus: {inputs: ['%s'], format: jsonl, append: true}
        tokenizer: {load: '%s'}
        shards: {formats: [bin]}
        output: unused
        """
            .formatted(folder.resolve("corpus"), tokenizer));
    Path before = out = folder.resolve("before");
    assertThat(start().waitFor()).as("%s", log()).isZero();
    Files.copy(folder.resolve("corpus/000.jsonl"), folder.resolve("corpus/001.jsonl"));
    out = folder.resolve("undisturbed");
    OutputTree.copy(before, out);
    long began = System.nanoTime();
    assertThat(start().waitFor()).as("%s", log()).isZero();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    SortedMap<String, String> expected = OutputTree.sums(out);
    out = folder.resolve("killed");
    OutputTree.copy(before, out);
    for (int i = 0; i < 2; i++) {
      Process process = start();
      process.waitFor(millis / 3 + random.nextLong(millis * 2 / 3), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      assertThat(OutputTree.sums(out, "shards/parquet/"))
          .containsAllEntriesOf(OutputTree.sums(before, "shards/parquet/"));
    }
    assertThat(start().waitFor()).as("%s", log()).isZero();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  /**
   * A job replaces the result of another. Whenever it is killed, before its commit or in it,
   * readers find one whole version or a journal, and the same command ends with the bytes of a
   * fresh run.
   */
  @Test
  @Tag("kill")
  void aReplacementThatIsKilledLeavesOneWholeVersion() throws Exception {
    replaceWithKills(4);
  }

  @Test
  @Tag("soak")
  void aReplacementThatIsKilledFortyTimesLeavesOneWholeVersion() throws Exception {
    replaceWithKills(40);
  }

  private void replaceWithKills(int kills) throws Exception {
    Random random = new Random(Seeds.next());
    writeCorpus(new Random(7), 2);
    log = folder.resolve("log");
    events = folder.resolve("events.jsonl");
    Path before = out = folder.resolve("before");
    assertThat(start().waitFor()).as("%s", log()).isZero();
    String[] other = {"--set", "tokenizer.train.vocabSize=900", "--replace"};
    out = folder.resolve("undisturbed");
    long began = System.nanoTime();
    assertThat(start(other).waitFor()).as("%s", log()).isZero();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    SortedMap<String, String> expected = OutputTree.sums(out);
    SortedMap<String, String> old = OutputTree.sums(before);
    out = folder.resolve("killed");
    OutputTree.copy(before, out);
    for (int kill = 0; kill < kills; kill++) {
      Process process = start(other);
      if (kill % 2 == 0) {
        process.waitFor(millis / 4 + random.nextLong(millis / 2), TimeUnit.MILLISECONDS);
      } else { // in the commit
        while (process.isAlive() && !Files.exists(out.resolve("run/commit.json"))) {
          Thread.onSpinWait();
        }
      }
      process.destroyForcibly().waitFor();
      requireAWholeVersionOrAJournal();
      int code = CommandLineRun.of("verify", out.toString()).exitCode();
      assertThat(code).isEqualTo(Files.exists(out.resolve("run/commit.json")) ? 4 : 0);
      SortedMap<String, String> published = OutputTree.sums(out);
      published.keySet().removeIf(path -> path.startsWith(".merganser-staged/"));
      if (code == 0) {
        assertThat(published).isIn(old, expected);
      }
    }
    assertThat(start(other).waitFor()).as("%s", log()).isZero();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  /** The promise to readers: a manifest has all its files beside it, or a journal says that not. */
  private void requireAWholeVersionOrAJournal() throws IOException {
    if (!Files.exists(out.resolve("manifest.json"))) {
      return;
    }
    for (String line : Files.readAllLines(out.resolve("outputs.jsonl"))) {
      JsonNode file = JSON.readTree(line);
      assertThat(Sha256.of(out.resolve(file.get("path").asText())))
          .as(line)
          .isEqualTo(file.get("sha256").asText());
    }
  }

  private void survive(int kills, int megabytes) throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    writeCorpus(new Random(7), megabytes);
    out = folder.resolve("undisturbed");
    events = folder.resolve("undisturbed.jsonl");
    log = folder.resolve("log");
    long began = System.nanoTime();
    assertThat(start().waitFor()).as("%s", log()).isZero();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    SortedMap<String, String> expected = OutputTree.sums(out);
    out = folder.resolve("killed");
    events = folder.resolve("killed.jsonl");
    int finished = 0;
    VerificationReport before = null;
    for (int i = 0; i < kills; i++) {
      Process process = start();
      boolean ended = process.waitFor(random.nextLong(millis), TimeUnit.MILLISECONDS);
      if (ended) {
        assertThat(process.exitValue()).as("%s", log()).isZero();
        requireRedoneNothing(before);
        assertThat(OutputTree.sums(out)).isEqualTo(expected);
        finished++;
        out = folder.resolve("killed-" + finished); // begin anew: a finished run does nothing
        completed.clear();
        before = null;
      } else {
        stop(process, i % 3 == 2);
        before = requireWhatIsVisibleIsWhole(before);
      }
    }
    assertThat(start().waitFor()).as("%s", log()).isZero();
    requireRedoneNothing(before);
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(FolderVerification.verify(out.toString(), true, List.of()).state())
        .isEqualTo(State.WHOLE);
    System.out.println(kills + " kills, " + finished + " runs that were over before");
  }

  /** SIGKILL, or SIGTERM, which is obeyed and says how to go on. */
  private void stop(Process process, boolean gently) throws Exception {
    if (!gently) {
      process.destroyForcibly().waitFor();
      return;
    }
    process.destroy();
    int exitCode = process.waitFor(); // 137 where ChildProcess had to end it
    assertThat(exitCode).as("stopped by SIGTERM").isIn(143, 0); // 0: it was over at that instant
  }

  /** Verifies what a killed run left, fully; returns what it has still to do. */
  private VerificationReport requireWhatIsVisibleIsWhole(VerificationReport before)
      throws IOException {
    if (!Files.exists(out.resolve("run/merganser.json"))) {
      return before; // killed before it began: there is nothing
    }
    requireAWholeVersionOrAJournal();
    VerificationReport report = FolderVerification.verify(out.toString(), true, List.of());
    assertThat(report.state()).as("%s", report).isNotEqualTo(State.DAMAGED);
    if (report.state() == State.UNFINISHED) {
      assertThat(report.nextCommand()).contains("merganser run");
      assertThat(FolderVerification.verify(out.toString(), false, List.of()).missing())
          .as("sizes tell the same as sums")
          .isEqualTo(report.missing());
    }
    if (before != null) {
      assertThat(before.missing()).as("what was done stays done").containsAll(report.missing());
    }
    requireCompletedUntouched(report);
    return report;
  }

  /** A shard that a receipt vouched for is not written again. */
  private void requireCompletedUntouched(VerificationReport report) throws IOException {
    SortedMap<String, FileTime> now = new TreeMap<>();
    for (Map.Entry<String, FileTime> file : OutputTree.times(out, "").entrySet()) {
      int shard = file.getKey().indexOf("shards/parquet/part-"); // in the stage, or in place
      if (shard >= 0 && !report.leftovers().contains(file.getKey())) {
        now.put(file.getKey().substring(shard), file.getValue());
      }
    }
    assertThat(now).containsAllEntriesOf(completed);
    completed.putAll(now);
  }

  /** The last attempt encoded and counted exactly the units that were missing. */
  private void requireRedoneNothing(VerificationReport before) throws IOException {
    if (before == null || before.state() != State.UNFINISHED) {
      return;
    }
    List<JsonNode> attempt = new ArrayList<>();
    for (String line : Files.readAllLines(events)) {
      JsonNode event = JSON.readTree(line);
      if (event.get("event").asText().equals("run.started")) {
        attempt.clear();
      }
      attempt.add(event);
    }
    for (String stage : List.of("count", "encode")) {
      long missing = before.missing().stream().filter(m -> m.stage().equals(stage)).count();
      for (JsonNode event : attempt) {
        if (event.get("event").asText().equals("stage.finished")
            && event.get("stage").asText().equals(stage)
            && !before.missing().isEmpty()) {
          assertThat(event.get("unitsDone").asLong()).as("%s", event).isEqualTo(missing);
        }
      }
    }
  }

  private Process start(String... more) throws IOException {
    List<String> options =
        List.of(
            "-Xmx700m",
            "-Dmerganser.scratch=" + folder.resolve("scratch"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                folder.resolve("job.yaml").toString(),
                "--set",
                "output=" + out,
                "--events",
                events.toString()));
    args.addAll(List.of(more));
    return new ProcessBuilder(JavaProcess.command(options, "org.merganser.cli.Main", args))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Units of four MiB, as many as there are files. */
  private void writeCorpus(Random random, int files) throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    String[] words = new String[5000];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(Math.abs(random.nextLong() >> random.nextInt(50)), 36);
    }
    for (int file = 0; file < files; file++) {
      StringBuilder text = new StringBuilder(3 << 20);
      while (text.length() < (5 << 19)) {
        text.append("{\"text\":\"");
        for (int word = 0; word < 60; word++) {
          text.append(words[(int) Math.abs(random.nextGaussian() * 1500) % words.length]);
          text.append(' ');
        }
        text.append("\"}\n");
      }
      Files.writeString(corpus.resolve(String.format(Locale.ROOT, "%03d.jsonl", file)), text);
    }
    Path table = folder.resolve("table.parquet");
    Jobs.table(table, 2000, 16);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        corpus: {inputs: ['%s'], format: jsonl}
        tokenizer: {train: {vocabSize: 1200, pattern: gpt2}}
        shards: {formats: [parquet, megatron]}
        embeddings: {table: '%s'}
        output: unused
        """
            .formatted(corpus, table));
  }
}
