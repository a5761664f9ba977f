package org.merganser.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import org.merganser.json.Json;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.finish.RunSummary;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Unmatched;

/** The base of commands that run a job, which they build from their options. */
public abstract class JobCommand extends MerganserCommand {
  @Mixin protected RunOptions runOptions = new RunOptions();

  /**
   * The arguments that picocli does not know: flags of Beam, which {@link BeamArguments} checks.
   */
  @Unmatched private List<String> unmatched = new ArrayList<>();

  /**
   * The options that each set a key of the job. {@link org.merganser.cli.usage.OptionModel} adds
   * them to the command, from where {@link #givenSettings} reads their values.
   */
  public List<KeyOption> keyOptions() {
    return List.of();
  }

  /**
   * The values that an option of this command allows for its key, by default all; empty for any.
   */
  public List<String> allowedValues(Key key) {
    return key.values();
  }

  /**
   * The settings of the given {@link #keyOptions}, each {@code key=value}; the others have the
   * defaults of the job. The caller may add to the list.
   */
  protected final List<String> givenSettings() {
    List<String> settings = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (option.userObject() instanceof KeyOption key && isGiven(key.name())) {
        settings.add(key.setting(option.getValue()));
      }
    }
    return settings;
  }

  /** The arguments that are not of the command, each flag in one string with its value. */
  protected final List<String> unmatchedArguments() {
    return BeamArguments.joined(unmatched);
  }

  /**
   * Runs the job of some settings; returns the exit code.
   *
   * @param settings each {@code key=value}
   */
  protected final int run(List<String> settings) throws IOException {
    return run(JobReader.of(settings, spec.name()));
  }

  /** Runs a job with the flags of Beam that were typed; returns the exit code. */
  protected final int run(Job job) throws IOException {
    boolean temporary = false;
    return run(job, BeamArguments.of(unmatched, spec), typedCommand(), temporary);
  }

  /**
   * Runs a job; returns the exit code.
   *
   * @param beamFlags each in one string
   * @param continueCommand the command line that continues the run
   * @param temporary whether the output folder is deleted afterwards
   */
  protected final int run(
      Job job, List<String> beamFlags, String continueCommand, boolean temporary)
      throws IOException {
    return new JobRunner(this, job, beamFlags, continueCommand, temporary).run();
  }

  /** The command line in a form that a shell accepts again. */
  protected final String typedCommand() {
    return ProgramCommand.line(
        spec.root().commandLine().getParseResult().originalArgs().toArray(String[]::new));
  }

  /** The waiting files of a growing output whose dead letters the user accepts; by default none. */
  protected List<String> acceptedFiles() {
    return List.of();
  }

  /** The writer of the progress and the summary for a person. */
  protected PrintWriter writerForPeople() {
    return runOptions.writerForPeople(spec);
  }

  /**
   * Prints the result of the run, or of the earlier run if the output is up to date.
   *
   * @param summary of the run that wrote the output
   * @param upToDate whether there was nothing to do
   * @param exitCode of the process
   */
  protected void printResult(RunSummary summary, boolean upToDate, int exitCode)
      throws IOException {
    new SummaryPrinter(summary, writerForPeople()).print(upToDate, runOptions.verbose());
    if (runOptions.json()) {
      ObjectNode json = Json.MAPPER.createObjectNode();
      json.put("exitCode", exitCode).put("upToDate", upToDate);
      out().println(json.setAll((ObjectNode) Json.MAPPER.valueToTree(summary)).toPrettyString());
    }
  }
}
