package org.merganser.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Unmatched;

public abstract class JobCommand extends MerganserCommand {
  @Mixin protected RunFlags flags = new RunFlags();

  /** Every unknown flag is Beam's. */
  @Unmatched private List<String> unmatched = new ArrayList<>();

  protected List<KeyOption> keyOptions() {
    return List.of();
  }

  public final void addOptions(CommandSpec command) {
    keyOptions().forEach(option -> command.addOption(option.spec()));
  }

  /**
   * The settings of the given options; the others have the defaults of the job. The caller may add
   * to the list.
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

  protected final List<String> unmatched() {
    return BeamFlags.joined(unmatched);
  }

  /**
   * @param settings each {@code key=value}
   */
  protected final int run(List<String> settings) throws IOException {
    return run(JobReader.of(settings, spec.name()));
  }

  protected final int run(Job job) throws IOException {
    return JobRunner.run(job, flags, BeamFlags.of(unmatched, spec), spec);
  }
}
