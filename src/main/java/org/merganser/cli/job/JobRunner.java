package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.dataset.ProgramCommand;
import org.merganser.dataset.ProgramVersion;
import org.merganser.dataset.RecordSums;
import org.merganser.job.Job;
import org.merganser.json.Json;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.RunSummary;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.request.HeldRequest;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageAccount;
import org.merganser.pipeline.step.StageAccount.Figure;
import org.merganser.store.FileStore;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The steps that every command takes with its job: explain it or run it, show progress, print the
 * summary.
 */
public record JobRunner(
    Job job,
    RunFlags flags,
    List<String> beamFlags,
    String command,
    PrintWriter out,
    PrintWriter err,
    EventLog events,
    Ending ending,
    boolean temporary) {
  @FunctionalInterface
  public interface Ending {
    void print(RunSummary summary, boolean upToDate) throws IOException;
  }

  /** The command line in a form that a shell accepts again. */
  public static String asTyped(CommandSpec spec) {
    return ProgramCommand.line(
        spec.root().commandLine().getParseResult().originalArgs().toArray(String[]::new));
  }

  public static int explain(Job job, List<String> beamFlags, CommandSpec spec) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    MerganserRun.prepare(job, beamFlags, false, false)
        .explanation()
        .lines()
        .forEach(line -> out.println(TerminalText.message(line)));
    out.flush();
    return ExitCode.DONE;
  }

  public static int key(Job job, List<String> beamFlags, RunFlags flags, CommandSpec spec)
      throws IOException {
    HeldRequest answer = MerganserRun.request(job, beamFlags);
    PrintWriter out = spec.commandLine().getOut();
    if (flags.json()) {
      out.print(new String(Json.figures(answer), StandardCharsets.UTF_8));
    } else {
      String why = String.join("; ", answer.differences());
      String held =
          answer.data() == null ? "does not hold it: " + why : "holds it: data " + answer.data();
      out.println("request " + answer.request());
      out.println(TerminalText.line(answer.output() + " " + held));
    }
    out.flush();
    return answer.data() != null ? ExitCode.DONE : ExitCode.UNFINISHED;
  }

  public static int run(Job job, RunFlags flags, List<String> beamFlags, CommandSpec spec)
      throws IOException {
    PrintWriter people = flags.forPeople(spec);
    return run(
        job,
        flags,
        beamFlags,
        spec,
        asTyped(spec),
        people,
        (summary, upToDate) -> {
          new SummaryPrinter(summary, people).print(upToDate, flags.verbose);
          if (flags.json()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json(summary, upToDate));
            out.flush();
          }
        },
        false);
  }

  /**
   * Runs the job; returns the exit code.
   *
   * @param command that continues the run
   * @param people receives the progress
   * @param ending prints the result of the run, or of the earlier run if the output is up to date
   * @param temporary whether the output folder is deleted afterwards
   */
  public static int run(
      Job job,
      RunFlags flags,
      List<String> beamFlags,
      CommandSpec spec,
      String command,
      PrintWriter people,
      Ending ending,
      boolean temporary)
      throws IOException {
    if (flags.json() && "-".equals(flags.events())) {
      throw new ParameterException(
          spec.commandLine(),
          "--json and --events - both write to standard output; name a file of events");
    }
    checkEvents(flags.events(), job);
    PrintWriter err = spec.commandLine().getErr();
    try (EventLog events = EventLog.open(flags.events(), spec.commandLine().getOut(), err)) {
      return new JobRunner(job, flags, beamFlags, command, people, err, events, ending, temporary)
          .run();
    }
  }

  private static void checkEvents(@Nullable String events, Job job) throws IOException {
    if (events == null || events.equals("-")) {
      return;
    }
    WrittenPath log =
        new WrittenPath("--events", events).outsideOf(job.at(job.output())).outsideOfOutputs();
    if (Files.exists(FileStore.localPath(events))
        && !Files.isRegularFile(FileStore.localPath(events))) {
      return; // a FIFO or a device, which has no content
    }
    if (job.corpus() != null) {
      log.apartFrom(JobComponents.encodingSettings(job));
      if (JobComponents.tokenizer(job).train() != null) {
        log.apartFrom(JobComponents.trainingSettings(job));
      }
    }
    log.replaces(new WrittenPath.Kind("a log of events", EventLog::isLog));
  }

  private int run() throws IOException {
    events.write("run.started", this::started);
    Interruption interruption = new Interruption(this::lastWords);
    // Every failure is reported and thrown again, also an Error.
    try {
      return prepareAndExecute();
    } catch (IOException | RuntimeException | Error e) {
      if (!Interruption.stopping()) {
        failed(e);
      }
      throw e;
    } finally {
      interruption.close();
    }
  }

  private int prepareAndExecute() throws IOException {
    MerganserRun prepared = MerganserRun.prepare(job, beamFlags, flags.rehash, flags.replace);
    boolean upToDate = prepared.upToDate();
    events.write(
        "run.planned",
        event -> {
          event.put("upToDate", upToDate);
          event.put("unitsToCount", planned(prepared, Stage.COUNT));
          event.put("unitsToEncode", planned(prepared, Stage.ENCODE));
        });
    RunSummary summary;
    if (upToDate) {
      prepared.rememberVersions();
      summary = prepared.summary();
      out.println(
          "Nothing to do: " + summary.output() + " is already the result of this job and input.");
    } else {
      prepared.requireNothingReplaced(flags.replace);
      StageEvents stages = new StageEvents(events, prepared);
      ProgressPrinter printer = new ProgressPrinter(out, stages, prepared);
      MerganserRun.Options options =
          new MerganserRun.Options(
              command, flags.ignoreSpace, message -> warn(printer, message), temporary);
      summary = printer.watch(() -> prepared.execute(options));
    }
    int exitCode = exitCode(summary);
    ending.print(summary, upToDate);
    finished(summary, exitCode);
    return exitCode;
  }

  private static long planned(MerganserRun run, Stage stage) {
    return run.accounts().getOrDefault(stage, StageAccount.NOTHING).get(Figure.UNITS_PLANNED);
  }

  private static int exitCode(RunSummary summary) {
    return summary.tooManyDeadLetters() || !summary.waiting().isEmpty()
        ? ExitCode.DEAD_LETTERS
        : ExitCode.DONE;
  }

  private static String json(RunSummary summary, boolean upToDate) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("exitCode", exitCode(summary));
    json.put("upToDate", upToDate);
    json.setAll((ObjectNode) Json.MAPPER.valueToTree(summary));
    return json.toPrettyString();
  }

  private void started(ObjectNode event) {
    event.put("schema", EventLog.SCHEMA);
    event.put("version", ProgramVersion.current().toString());
    event.put("command", command);
    event.put("pid", ProcessHandle.current().pid());
    event.put("host", HostName.get());
    event.put("output", job.at(job.output()));
  }

  private void warn(ProgressPrinter printer, String message) {
    printer.above(() -> err.println("merganser: note: " + TerminalText.message(message)));
    events.write("warning", event -> event.put("message", message));
  }

  private void finished(RunSummary summary, int exitCode) {
    long dead = RecordSums.sum(summary.deadLetters());
    if (dead > 0) {
      events.write(
          "deadLetters",
          event -> {
            event.put("count", dead);
            ObjectNode reasons = event.putObject("byReason");
            summary.deadLetters().forEach(reasons::put);
          });
    }
    events.write(
        "run.finished",
        event -> {
          event.put("exitCode", exitCode);
          event.put("output", summary.output());
          event.put("documents", summary.documents());
          event.put("textBytes", summary.textBytes());
          event.put("tokens", summary.tokens());
          event.put("deadLetters", dead);
          event.put("vocabulary", summary.vocabularySize());
        });
  }

  private void failed(Throwable failure) {
    events.write(
        "run.failed",
        event -> {
          event.put("exitCode", Failures.exitCode(failure));
          event.put("error", Failures.message(failure));
        });
  }

  private void lastWords() {
    events.write("run.interrupted", event -> event.put("goOn", command));
    err.println(
        "merganser: stopped by a signal; the published files in %s are complete. Go on with: %s"
            .formatted(job.at(job.output()), command));
    err.flush();
    FileStore.abandonDrafts();
  }
}
