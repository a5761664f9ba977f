package org.merganser.cli.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.job.Locations;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The run that a command reads: its first argument, or {@code --run}. */
public final class RunArgument {
  @Option(
      names = "--run",
      paramLabel = "OUT",
      description = "The output folder of a run; the same as the first argument.")
  private @Nullable String run;

  /**
   * @param what the name of the argument in the error if neither is given
   * @throws ParameterException if neither or both are given
   */
  public String or(@Nullable String argument, String what, CommandSpec spec) {
    if ((run == null) == (argument == null)) {
      throw new ParameterException(
          spec.commandLine(),
          run == null
              ? "an argument is missing: " + what + " (or --run OUT)"
              : "--run " + run + " and " + argument + " are both given; name the run once");
    }
    return folder(run == null ? argument : run, spec);
  }

  /** {@link #or} for several arguments: the first is removed if it is the run. */
  public String first(List<String> arguments, String what, CommandSpec spec) {
    if (run != null) {
      return folder(run, spec);
    }
    return or(arguments.isEmpty() ? null : arguments.remove(0), what, spec);
  }

  private static String folder(@Nullable String location, CommandSpec spec) {
    try {
      String expanded = Locations.expanded(location == null ? "" : location);
      return expanded.endsWith("/" + Manifest.FILE)
          ? expanded.substring(0, expanded.length() - Manifest.FILE.length() - 1)
          : expanded;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), location + ": " + e.getMessage(), e);
    }
  }
}
