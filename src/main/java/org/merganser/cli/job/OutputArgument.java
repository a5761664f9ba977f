package org.merganser.cli.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Locations;
import org.merganser.output.manifest.Manifest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The output folder of a run that a command reads: its first argument, or {@code --run}. */
public class OutputArgument {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create(); // picocli injects the command here

  @Option(
      names = "--run",
      paramLabel = "OUT",
      description = "Read this output folder of a run; the same as the first argument.")
  private @Nullable String run;

  /**
   * The location of the output folder, for a command with more arguments. Without {@code --run} it
   * is the first argument, which is removed from the list.
   *
   * @param what the name of the argument in the error if neither is given
   * @throws ParameterException if neither is given
   */
  public final String takeFirst(List<String> arguments, String what) {
    boolean isFirst = run == null && !arguments.isEmpty();
    return resolve(isFirst ? arguments.remove(0) : null, what);
  }

  /**
   * The location of the output folder, for a command whose argument may be something else. The
   * manifest in a folder means the folder.
   *
   * @param argument the location that was typed without {@code --run}; null for none
   * @param what the name of the argument in the error if neither is given
   * @throws ParameterException if neither or both are given
   */
  public final String resolve(@Nullable String argument, String what) {
    if (run != null && argument != null) {
      throw new ParameterException(
          command.commandLine(),
          "--run " + run + " and " + argument + " are both given; name the run once");
    }
    String location = run == null ? argument : run;
    if (location == null) {
      throw new ParameterException(
          command.commandLine(), "an argument is missing: " + what + " (or --run OUT)");
    }
    try {
      String expanded = Locations.expanded(location);
      return expanded.endsWith("/" + Manifest.FILE)
          ? expanded.substring(0, expanded.length() - Manifest.FILE.length() - 1)
          : expanded;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), location + ": " + e.getMessage(), e);
    }
  }

  /** The output folder that is the only argument of a command. */
  public static final class Only extends OutputArgument {
    @Parameters(arity = "0..1", paramLabel = "OUT", description = "The output folder of a run.")
    private @Nullable String argument;

    /**
     * The location of the output folder.
     *
     * @param what the name of the argument in the error if neither is given
     * @throws ParameterException if neither or both are given
     */
    public String get(String what) {
      return resolve(argument, what);
    }
  }
}
