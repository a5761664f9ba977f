package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.job.Job;
import org.merganser.message.ProgramVersion;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.FileStore;
import org.merganser.store.OpenDrafts;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The steps that every command takes with its job: run it, show progress, print the result.
 *
 * @param command for its options, and to print the result
 * @param continueCommand the command line that continues the run
 * @param temporary whether the output folder is deleted afterwards
 */
record JobRunner(
    JobCommand command,
    Job job,
    List<String> beamFlags,
    String continueCommand,
    boolean temporary) {
  /** Runs the job; returns the exit code. */
  int run() throws IOException {
    RunOptions flags = command.flags;
    if (flags.json() && "-".equals(flags.events())) {
      throw new ParameterException(
          commandLine(),
          "--json and --events - both write to standard output; name a file of events");
    }
    checkEvents(flags.events(), job);
    PrintWriter out = commandLine().getOut();
    try (EventLog events = EventLog.open(flags.events(), out, commandLine().getErr())) {
      return run(events);
    }
  }

  private CommandLine commandLine() {
    return command.spec.commandLine();
  }

  /** Refuses a file of events that is an input, an output, or a file of another kind. */
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
      log.apartFrom(ReadingSettings.encodingSettings(job));
      if (job.requireTokenizer().train() != null) {
        log.apartFrom(ReadingSettings.trainingSettings(job));
      }
    }
    log.replaces(new WrittenPath.Kind("a log of events", EventLog::isLog));
  }

  private int run(EventLog events) throws IOException {
    events.write(RunEvent.STARTED, this::describe);
    Interruption interruption = new Interruption(() -> stop(events));
    // Every failure is written to the log and thrown again, also an Error.
    try {
      return prepareAndExecute(events);
    } catch (IOException | RuntimeException | Error e) {
      if (!Interruption.stopping()) {
        writeFailed(e, events);
      }
      throw e;
    } finally {
      interruption.close();
    }
  }

  private int prepareAndExecute(EventLog events) throws IOException {
    RunOptions flags = command.flags;
    MerganserRun.completeCut(
        job, beamFlags, continueCommand, flags.replace, message -> note(events, message));
    MerganserRun prepared =
        MerganserRun.prepare(job, beamFlags, flags.rehash, flags.replace, command.accepted());
    boolean upToDate = prepared.upToDate();
    events.write(
        RunEvent.PLANNED,
        event -> {
          event.put("upToDate", upToDate);
          event.put("unitsToCount", planned(prepared, Stage.COUNT));
          event.put("unitsToEncode", planned(prepared, Stage.ENCODE));
        });
    RunSummary summary = upToDate ? reportUpToDate(prepared, events) : execute(prepared, events);
    int exitCode = ExitCode.of(summary).code();
    command.print(summary, upToDate, exitCode);
    writeFinished(summary, exitCode, events);
    if (exitCode == ExitCode.LOST_RECORDS.code() && !temporary) {
      commandLine().getOut().flush();
      EndReason.print(summary, summary.output(), continueCommand, commandLine().getErr());
    }
    return exitCode;
  }

  /** Says that there is nothing to do; returns the summary of the run that wrote the output. */
  private RunSummary reportUpToDate(MerganserRun prepared, EventLog events) throws IOException {
    prepared.rememberVersions(options(message -> note(events, message)));
    RunSummary summary = prepared.summary();
    command
        .writerForPeople()
        .println(
            "Nothing to do: " + summary.output() + " is already the result of this job and input.");
    return summary;
  }

  /** Executes the run, with progress and the events of stages. */
  private RunSummary execute(MerganserRun prepared, EventLog events) throws IOException {
    prepared.requireNothingReplaced();
    StageEvents stages = new StageEvents(events, prepared);
    ProgressPrinter printer = new ProgressPrinter(command.writerForPeople(), stages, prepared);
    MerganserRun.Options options = options(message -> printer.above(() -> note(events, message)));
    return printer.watch(() -> prepared.execute(options));
  }

  private MerganserRun.Options options(Consumer<String> warnings) {
    return new MerganserRun.Options(
        continueCommand, command.flags.ignoreSpace, warnings, temporary);
  }

  private static long planned(MerganserRun run, Stage stage) {
    return run.figures().getOrDefault(stage, StageFigures.NOTHING).get(Figure.UNITS_PLANNED);
  }

  /** Adds the fields of {@link RunEvent#STARTED}. */
  private void describe(ObjectNode event) {
    event.put("schema", EventLog.SCHEMA_VERSION);
    event.put("version", ProgramVersion.current().toString());
    event.put("command", continueCommand);
    event.put("pid", ProcessHandle.current().pid());
    event.put("host", HostName.get());
    event.put("output", job.at(job.output()));
  }

  /** Prints a message, and writes it as an event. */
  private void note(EventLog events, String message) {
    commandLine().getErr().println("merganser: note: " + TerminalText.message(message));
    events.write(RunEvent.WARNING, event -> event.put("message", message));
  }

  private static void writeFinished(RunSummary summary, int exitCode, EventLog events) {
    long dead = RecordSums.sum(summary.deadLetters());
    if (dead > 0) {
      events.write(
          RunEvent.DEAD_LETTERS,
          event -> {
            event.put("count", dead);
            ObjectNode reasons = event.putObject("byReason");
            summary.deadLetters().forEach(reasons::put);
          });
    }
    events.write(
        RunEvent.FINISHED,
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

  private static void writeFailed(Throwable failure, EventLog events) {
    events.write(
        RunEvent.FAILED,
        event -> {
          event.put("exitCode", Failures.exitCode(failure));
          event.put("error", Failures.message(failure));
        });
  }

  /** What is done between a signal and the end of the process. */
  private void stop(EventLog events) {
    events.write(RunEvent.INTERRUPTED, event -> event.put("goOn", continueCommand));
    OpenDrafts.abandonAll();
    commandLine()
        .getErr()
        .println(
            "merganser: stopped by a signal%s. Go on with: %s"
                .formatted(
                    MerganserRun.isPublishing(job)
                        ? " while the files were being published; the next command that writes"
                            + " there completes that"
                        : "; the published files in %s are complete"
                            .formatted(job.at(job.output())),
                    continueCommand));
  }
}
