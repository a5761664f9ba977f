package org.merganser.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** A command that runs a job. */
public abstract class JobCommand extends MerganserCommand {
  @Mixin protected RunFlags flags = new RunFlags();

  /** Every flag that is not one of ours is Beam's; Beam refuses unknown flags. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  protected final List<String> beamFlags() {
    return BeamFlags.joined(beamFlags);
  }

  /** Runs the job with these settings, each {@code key=value}; returns the exit code. */
  protected final int run(List<String> settings) throws IOException {
    return run(JobReader.of(settings, spec.qualifiedName()));
  }

  /** Runs a job; returns the exit code. */
  protected final int run(Job job) throws IOException {
    return JobRunner.run(job, flags, beamFlags(), spec);
  }
}
