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

  /** The options that set keys of the job. */
  protected List<KeyOption> keyOptions() {
    return List.of();
  }

  /** Adds the options that set keys to the command. */
  public final void addOptions(CommandSpec command) {
    keyOptions().forEach(option -> command.addOption(option.spec()));
  }

  /**
   * The settings of the options that are given; the others have the defaults of the job. The caller
   * may add to the list.
   */
  protected final List<String> settings() {
    List<String> settings = new ArrayList<>();
    for (KeyOption option : keyOptions()) {
      if (isGiven(option.name())) {
        settings.add(option.setting(spec.findOption(option.name()).getValue()));
      }
    }
    return settings;
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
