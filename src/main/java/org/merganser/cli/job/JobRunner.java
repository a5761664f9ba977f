package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
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
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageAccount;
import org.merganser.pipeline.step.StageAccount.Figure;
import org.merganser.store.FileStore;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The steps that every command takes with its job: run it, show progress, print the summary.
 *
 * @param command that continues the run
 * @param people receives the progress
 * @param ending prints the result of the run, or of the earlier run if the output is up to date
 * @param temporary whether the output folder is deleted afterwards
 */
public record JobRunner(
    Job job,
    RunFlags flags,
    List<String> beamFlags,
    CommandSpec spec,
    String command,
    PrintWriter people,
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

  public static int run(Job job, RunFlags flags, List<String> beamFlags, CommandSpec spec)
      throws IOException {
    PrintWriter people = flags.forPeople(spec);
    return new JobRunner(
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
              }
            },
            false)
        .run();
  }

  /** Runs the job; returns the exit code. */
  public int run() throws IOException {
    if (flags.json() && "-".equals(flags.events())) {
      throw new ParameterException(
          spec.commandLine(),
          "--json and --events - both write to standard output; name a file of events");
    }
    checkEvents(flags.events(), job);
    PrintWriter out = spec.commandLine().getOut();
    try (EventLog events = EventLog.open(flags.events(), out, spec.commandLine().getErr())) {
      return run(events);
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

  private int run(EventLog events) throws IOException {
    events.write("run.started", this::started);
    Interruption interruption = new Interruption(() -> lastWords(events));
    // Every failure is reported and thrown again, also an Error.
    try {
      return prepareAndExecute(events);
    } catch (IOException | RuntimeException | Error e) {
      if (!Interruption.stopping()) {
        failed(e, events);
      }
      throw e;
    } finally {
      interruption.close();
    }
  }

  private int prepareAndExecute(EventLog events) throws IOException {
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
      people.println(
          "Nothing to do: " + summary.output() + " is already the result of this job and input.");
    } else {
      prepared.requireNothingReplaced(flags.replace);
      StageEvents stages = new StageEvents(events, prepared);
      ProgressPrinter printer = new ProgressPrinter(people, stages, prepared);
      MerganserRun.Options options =
          new MerganserRun.Options(
              command, flags.ignoreSpace, message -> warn(printer, events, message), temporary);
      summary = printer.watch(() -> prepared.execute(options));
    }
    int exitCode = exitCode(summary);
    ending.print(summary, upToDate);
    finished(summary, exitCode, events);
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

  private void warn(ProgressPrinter printer, EventLog events, String message) {
    printer.above(
        () ->
            spec.commandLine()
                .getErr()
                .println("merganser: note: " + TerminalText.message(message)));
    events.write("warning", event -> event.put("message", message));
  }

  private static void finished(RunSummary summary, int exitCode, EventLog events) {
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

  private static void failed(Throwable failure, EventLog events) {
    events.write(
        "run.failed",
        event -> {
          event.put("exitCode", Failures.exitCode(failure));
          event.put("error", Failures.message(failure));
        });
  }

  private void lastWords(EventLog events) {
    events.write("run.interrupted", event -> event.put("goOn", command));
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "merganser: stopped by a signal; the published files in %s are complete. Go on with: %s"
            .formatted(job.at(job.output()), command));
    FileStore.abandonDrafts();
  }
}
