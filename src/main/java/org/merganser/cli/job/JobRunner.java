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
import org.merganser.pipeline.prepare.PreparationOptions;
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
 * @param job to run
 * @param beamFlags each in one string
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
    RunOptions options = command.runOptions;
    if (options.json() && "-".equals(options.events())) {
      throw new ParameterException(
          commandLine(),
          "--json and --events - both write to standard output; name a file of events");
    }
    requireWritableEvents(options.events(), job);
    PrintWriter out = commandLine().getOut();
    try (EventLog events = EventLog.open(options.events(), out, commandLine().getErr())) {
      return runWithEvents(events);
    }
  }

  private CommandLine commandLine() {
    return command.spec.commandLine();
  }

  /** Refuses a file of events that is an input, is in an output, or exists with other content. */
  private static void requireWritableEvents(@Nullable String events, Job job) throws IOException {
    if (events == null || events.equals("-")) {
      return;
    }
    WrittenPath log =
        new WrittenPath("--events", events)
            .requireOutsideOf(job.at(job.output()))
            .requireOutsideOfOutputs();
    if (Files.exists(FileStore.localPath(events))
        && !Files.isRegularFile(FileStore.localPath(events))) {
      return; // a FIFO or a device, which has no content
    }
    if (job.corpus() != null) {
      log.requireApartFrom(ReadingSettings.encodingSettings(job));
      if (job.requireTokenizer().train() != null) {
        log.requireApartFrom(ReadingSettings.trainingSettings(job));
      }
    }
    log.requireReplaceable(new WrittenPath.Kind("a log of events", EventLog::isLog));
  }

  /**
   * Runs the job; returns the exit code. Writes every failure, also an Error, to the log and throws
   * it again.
   */
  private int runWithEvents(EventLog events) throws IOException {
    events.write(RunEvent.STARTED, this::addStart);
    Interruption interruption = new Interruption(() -> cleanUpAfterSignal(events));
    try {
      return prepareAndExecute(events);
    } catch (IOException | RuntimeException | Error e) {
      if (!Interruption.isStopping()) {
        writeFailed(e, events);
      }
      throw e;
    } finally {
      interruption.close();
    }
  }

  /**
   * Prepares the run, and executes it unless the output is up to date; prints the result, and
   * returns the exit code.
   */
  private int prepareAndExecute(EventLog events) throws IOException {
    RunOptions options = command.runOptions;
    MerganserRun.completeCut(
        job, beamFlags, continueCommand, options.replace(), message -> warn(events, message));
    MerganserRun prepared =
        MerganserRun.prepare(
            job,
            beamFlags,
            new PreparationOptions(options.rehash(), options.replace()),
            command.acceptedFiles());
    boolean upToDate = prepared.upToDate();
    events.write(
        RunEvent.PLANNED,
        event -> {
          event.put("upToDate", upToDate);
          event.put("unitsToCount", plannedUnits(prepared, Stage.COUNT));
          event.put("unitsToEncode", plannedUnits(prepared, Stage.ENCODE));
        });
    RunSummary summary = upToDate ? reportUpToDate(prepared, events) : execute(prepared, events);
    int exitCode = ExitCode.of(summary).code();
    command.printResult(summary, upToDate, exitCode);
    writeFinished(summary, exitCode, events);
    if (exitCode == ExitCode.LOST_RECORDS.code() && !temporary) {
      commandLine().getOut().flush();
      EndReason.print(summary, summary.version().output(), continueCommand, commandLine().getErr());
    }
    return exitCode;
  }

  /** Says that there is nothing to do; returns the summary of the run that wrote the output. */
  private RunSummary reportUpToDate(MerganserRun prepared, EventLog events) throws IOException {
    prepared.rememberVersions(executionOptions(message -> warn(events, message)));
    RunSummary summary = prepared.summary();
    command
        .writerForPeople()
        .println(
            "Nothing to do: "
                + summary.version().output()
                + " is already the result of this job and input.");
    return summary;
  }

  /** Executes the run, with progress and the events of stages. */
  private RunSummary execute(MerganserRun prepared, EventLog events) throws IOException {
    prepared.requireNothingReplaced();
    StageEvents stages = new StageEvents(events, prepared);
    ProgressPrinter printer = new ProgressPrinter(command.writerForPeople(), stages, prepared);
    MerganserRun.Options options =
        executionOptions(message -> printer.printAbove(() -> warn(events, message)));
    return printer.watch(() -> prepared.execute(options));
  }

  private MerganserRun.Options executionOptions(Consumer<String> warnings) {
    return new MerganserRun.Options(
        continueCommand, command.runOptions.ignoreSpace(), warnings, temporary);
  }

  /** The number of units that a stage has to process; 0 if the run has no such stage. */
  private static long plannedUnits(MerganserRun run, Stage stage) {
    return run.figures().getOrDefault(stage, StageFigures.NOTHING).get(Figure.UNITS_PLANNED);
  }

  /** Adds the fields of {@link RunEvent#STARTED}. */
  private void addStart(ObjectNode event) {
    event.put("schema", EventLog.SCHEMA_VERSION);
    event.put("version", ProgramVersion.current().toString());
    event.put("command", continueCommand);
    event.put("pid", ProcessHandle.current().pid());
    event.put("host", HostName.get());
    event.put("output", job.at(job.output()));
  }

  /** Prints a message as a note, and writes it as the event of a warning. */
  private void warn(EventLog events, String message) {
    commandLine().getErr().println("merganser: note: " + TerminalText.message(message));
    events.write(RunEvent.WARNING, event -> event.put("message", message));
  }

  /** Writes the event of dead letters, if there are any, and that of the end. */
  private static void writeFinished(RunSummary summary, int exitCode, EventLog events) {
    long dead = RecordSums.sum(summary.losses().deadLetters());
    if (dead > 0) {
      events.write(
          RunEvent.DEAD_LETTERS,
          event -> {
            event.put("count", dead);
            ObjectNode reasons = event.putObject("byReason");
            summary.losses().deadLetters().forEach(reasons::put);
          });
    }
    events.write(
        RunEvent.FINISHED,
        event -> {
          event.put("exitCode", exitCode);
          event.put("output", summary.version().output());
          event.put("documents", summary.encoded().documents());
          event.put("textBytes", summary.encoded().textBytes());
          event.put("tokens", summary.encoded().tokens());
          event.put("deadLetters", dead);
          event.put("vocabulary", summary.vocabulary().size());
        });
  }

  /** Writes the event of the end of a run that failed. */
  private static void writeFailed(Throwable failure, EventLog events) {
    events.write(
        RunEvent.FAILED,
        event -> {
          event.put("exitCode", FailureCode.of(failure).code());
          event.put("error", Failures.message(failure));
        });
  }

  /** Does what is left between a signal and the end of the process; see {@link Interruption}. */
  private void cleanUpAfterSignal(EventLog events) {
    events.write(RunEvent.INTERRUPTED, event -> event.put("goOn", continueCommand));
    OpenDrafts.abandonAll();
    String state =
        MerganserRun.isPublishing(job)
            ? " while the files were being published; the next command that writes there completes"
                + " that"
            : "; the published files in %s are complete".formatted(job.at(job.output()));
    commandLine()
        .getErr()
        .println(
            "merganser: stopped by a signal%s. Go on with: %s".formatted(state, continueCommand));
  }
}
