package org.merganser.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Unmatched;

public abstract class JobCommand extends MerganserCommand {
  @Mixin protected RunFlags flags = new RunFlags();

  /** Every unknown flag is Beam's. */
  @Unmatched private List<String> unmatched = new ArrayList<>();

  /** The values that an option of the command allows for its key; empty for any. */
  public List<String> allowed(Key key) {
    return key.values();
  }

  /**
   * The settings of the given options; the others have the defaults of the job. The caller may add
   * to the list.
   */
  protected final List<String> settings() {
    List<String> settings = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (option.userObject() instanceof KeyOption key && isGiven(key.name())) {
        settings.add(key.setting(option.getValue()));
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
