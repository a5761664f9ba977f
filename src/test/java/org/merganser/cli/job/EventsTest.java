package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.output.RunException;

/** What a scheduler reads: events and exit codes. */
class EventsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private Path out;
  private Path events;

  @BeforeEach
  void writeACorpus() throws IOException {
    out = folder.resolve("out");
    events = folder.resolve("events.jsonl");
    Files.write(folder.resolve("a.jsonl"), List.of("{\"text\":\"a b c a b c\"}", "no json", "{}"));
  }

  private CommandLineRun train(String... more) {
    return CommandLineRun.line(
        "train --input %s --vocab-size 260 --pattern gpt2 --output %s %s",
        folder.resolve("a.jsonl"), out, more);
  }

  private static List<JsonNode> lines(String text) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<String> names(List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> !line.get("event").asText().equals("progress"))
        .map(
            line -> line.get("event").asText() + (line.has("stage") ? " " + line.get("stage") : ""))
        .toList();
  }

  @Test
  void tellsEachStageOfARunOnceAndInOrder() throws IOException {
    train("--events", events.toString()).endedWith(3);
    List<JsonNode> lines = lines(Files.readString(events));
    assertThat(names(lines))
        .startsWith("run.started", "run.planned", "stage.started \"count\"")
        .containsSubsequence(
            "stage.started \"count\"",
            "stage.finished \"count\"",
            "stage.finished \"learn\"",
            "stage.finished \"manifest\"",
            "run.finished")
        .doesNotHaveDuplicates();
    JsonNode started = lines.get(0);
    assertThat(started.get("schema").asInt()).isEqualTo(1);
    assertThat(started.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    assertThat(started.get("command").asText()).startsWith("merganser train --input /");
    assertThat(started.get("output").asText()).isEqualTo(out.toString());
    assertThat(started.get("at").asText()).matches("20\\d\\d-\\d\\d-\\d\\dT.*Z");
    JsonNode finished = lines.get(lines.size() - 1);
    assertThat(finished.get("exitCode").asInt()).isEqualTo(3);
    assertThat(finished.get("vocabulary").asInt()).isEqualTo(258);
  }

  @Test
  void aSecondRunIsAppendedAndSaysThatItHadNothingToDo() throws IOException {
    train("--events", events.toString()).endedWith(3);
    int before = lines(Files.readString(events)).size();
    train("--events", events.toString()).endedWith(3);
    List<JsonNode> lines = lines(Files.readString(events));
    assertThat(names(lines.subList(before, lines.size())))
        .containsExactly("run.started", "run.planned", "deadLetters", "run.finished");
    assertThat(lines.get(before + 1).get("upToDate").asBoolean()).isTrue();
  }

  @Test
  void standardOutputIsForEventsAloneWhenTheyAreSentThere() throws IOException {
    CommandLineRun run = train("--events", "-").endedWith(3);
    assertThat(names(lines(run.out()))).contains("run.started", "run.finished");
    assertThat(run.err()).contains("Wrote " + out);
  }

  @Test
  void aFailureIsToldWithItsMessageAndCode() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "x");
    CommandLineRun run = train("--events", events.toString()).endedWith(2);
    JsonNode last = lines(Files.readString(events)).get(1);
    assertThat(last.get("event").asText()).isEqualTo("run.failed");
    assertThat(last.get("exitCode").asInt()).isEqualTo(2);
    assertThat("merganser: " + last.get("error").asText()).isEqualTo(run.err().strip());
  }

  @Test
  void deadLettersAreCountedByReason() throws IOException {
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --output %s --events %s",
            tokenizer(), folder.resolve("a.jsonl"), out, events)
        .endedWith(3);
    JsonNode letters =
        lines(Files.readString(events)).stream()
            .filter(line -> line.get("event").asText().equals("deadLetters"))
            .findFirst()
            .orElseThrow();
    assertThat(letters.get("count").asInt()).isEqualTo(2);
    assertThat(letters.get("byReason").size()).isEqualTo(2);
  }

  private String tokenizer() throws IOException {
    Path trained = folder.resolve("trained");
    Path whole = Files.writeString(folder.resolve("whole.jsonl"), "{\"text\":\"a b c a b c\"}\n");
    Jobs.train(trained, "--input %s --vocab-size 260 --pattern gpt2", whole);
    return trained.resolve("tokenizer.json").toString();
  }

  @Test
  void eventsMayNotLieInTheOutputFolder() {
    CommandLineRun run = train("--events", out.resolve("run/events.jsonl").toString());
    assertThat(run.endedWith(2).err()).contains("lies in the output folder");
    assertThat(out).doesNotExist();
  }

  @Test
  void aFullDiskHasACodeOfItsOwn() {
    assertThat(
            FailureCode.of(new RuntimeException(new IOException("/x: No space left on device")))
                .code())
        .isEqualTo(ExitCode.NO_SPACE.code());
    assertThat(FailureCode.of(new RuntimeException("No space left on device")).code())
        .isEqualTo(ExitCode.FAILED.code());
  }

  @Test
  void anEventsFileThatCannotBeWrittenIsRefusedAtOnce() {
    CommandLineRun run = train("--events", folder.resolve("no/such/folder").toString());
    assertThat(run.endedWith(1).err()).contains("--events ").contains("cannot be opened");
    assertThat(out).doesNotExist();
  }

  @Test
  void saysThatEventsCannotBeWritten() {
    StringWriter err = new StringWriter();
    PrintWriter none = new PrintWriter(Writer.nullWriter());
    try (EventLog log = EventLog.open("/dev/full", none, new PrintWriter(err))) {
      log.write(RunEvent.WARNING, fields -> {});
      log.write(RunEvent.WARNING, fields -> {});
    }
    assertThat(err.toString())
        .isEqualTo(
            "merganser: events are no longer written: the disk is full or their reader has gone\n");
  }

  @Test
  void refusesAPipeThatNobodyReads() throws Exception {
    Path pipe = folder.resolve("pipe");
    Assumptions.assumeTrue(
        ChildProcess.start(new ProcessBuilder("mkfifo", pipe.toString())).waitFor() == 0);
    PrintWriter none = new PrintWriter(Writer.nullWriter());
    assertThatThrownBy(() -> EventLog.open(pipe.toString(), none, none, Duration.ZERO))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("--events " + pipe + ": cannot be opened: ")
        .hasMessageContaining("no process has opened it to read; start the reader");
    Files.newInputStream(pipe).close(); // The thread that still opens the pipe ends by this.
  }

  @Test
  void anInterruptWhileAPipeIsOpenedIsKept() throws Exception {
    Path pipe = folder.resolve("interrupted");
    Assumptions.assumeTrue(
        ChildProcess.start(new ProcessBuilder("mkfifo", pipe.toString())).waitFor() == 0);
    PrintWriter none = new PrintWriter(Writer.nullWriter());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> EventLog.open(pipe.toString(), none, none, Duration.ofDays(1)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("interrupted while no process had opened it to read");
    assertThat(Thread.interrupted()).isTrue();
    Files.newInputStream(pipe).close(); // The thread that still opens the pipe ends by this.
  }
}
