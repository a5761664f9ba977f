package org.merganser.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Unmatched;

/** A command that runs a job. */
public abstract class JobCommand extends MerganserCommand {
  @Mixin protected RunFlags flags = new RunFlags();

  /** Every flag that is not one of ours is Beam's. */
  @Unmatched private List<String> unmatched = new ArrayList<>();

  /** The table of the options that set keys of the job: see {@link KeyOptions}. */
  protected String table() {
    return "";
  }

  /** Adds the options of the table to the command. */
  public final void addOptions(CommandSpec command) {
    new KeyOptions(table()).addTo(command);
  }

  /** The settings of the options of the table that are given; the caller may add to the list. */
  protected final List<String> settings() {
    return new KeyOptions(table()).settings(spec);
  }

  /** The arguments that picocli did not match, each flag with its value. */
  protected final List<String> unmatched() {
    return BeamFlags.joined(unmatched);
  }

  /** Runs the job with these settings, each {@code key=value}; returns the exit code. */
  protected final int run(List<String> settings) throws IOException {
    return run(JobReader.of(settings, spec.name()));
  }

  /** Runs a job; returns the exit code. */
  protected final int run(Job job) throws IOException {
    return JobRunner.run(job, flags, BeamFlags.of(unmatched, spec), spec);
  }
}
