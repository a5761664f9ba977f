package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.List;
import org.merganser.pipeline.engine.RunnerFlags;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Takes the arguments that a command does not know as flags of Beam. */
public final class BeamArguments {
  private BeamArguments() {}

  /**
   * The flags of Beam, each in one string with its value.
   *
   * @param arguments that the command does not know
   * @throws UnmatchedArgumentException if some arguments are no flags of Beam either
   */
  public static List<String> of(List<String> arguments, CommandSpec command) {
    List<String> unknown = unknown(arguments, command);
    if (!unknown.isEmpty()) {
      throw new UnmatchedArgumentException(command.commandLine(), unknown);
    }
    return joined(arguments);
  }

  /**
   * Those of the arguments that are no flags of Beam either; all of them, for a command that takes
   * no such flags.
   *
   * @param arguments that the command does not know
   */
  public static List<String> unknown(List<String> arguments, CommandSpec command) {
    return command.unmatchedArgsBindings().isEmpty()
        ? arguments
        : RunnerFlags.unknown(joined(arguments));
  }

  /** Flags with their values: {@code --runner}, {@code X} becomes {@code --runner=X}. */
  static List<String> joined(List<String> arguments) {
    List<String> flags = new ArrayList<>();
    boolean takesValue = false;
    for (String argument : arguments) {
      if (takesValue && !argument.startsWith("--")) {
        flags.set(flags.size() - 1, flags.get(flags.size() - 1) + "=" + argument);
        takesValue = false;
      } else {
        flags.add(argument);
        takesValue = argument.startsWith("--") && argument.indexOf('=') < 0;
      }
    }
    return flags;
  }
}
