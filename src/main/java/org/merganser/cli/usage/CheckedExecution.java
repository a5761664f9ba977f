package org.merganser.cli.usage;

import java.util.List;
import org.merganser.cli.job.BeamArguments;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command after checks that picocli does not make: of unknown commands of a group, unknown
 * options beside flags of Beam, and the allowed values of options that are no enums. Prints the
 * {@link CompletionScript} in place of picocli's.
 */
public final class CheckedExecution {
  private CheckedExecution() {}

  /** Runs the command that was typed; returns the exit code. */
  public static int execute(ParseResult parsed) {
    ParseResult typed = parsed;
    while (typed.hasSubcommand()) {
      typed = typed.subcommand();
    }
    CommandLine line = typed.commandSpec().commandLine();
    // Without this, picocli shows the help of a group for an unknown command of it.
    if (!line.getSubcommands().isEmpty() && !typed.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(line, typed.unmatched());
    }
    requireKnown(line);
    if (line.getCommand() instanceof AutoComplete.GenerateCompletion
        && typed.matchedOptions().isEmpty()) {
      line.getOut().print(CompletionScript.of(parsed.commandSpec().commandLine()));
      return line.getCommandSpec().exitCodeOnSuccess();
    }
    typed.matchedOptions().forEach(option -> requireAllowed(option, line));
    return new RunLast().execute(parsed);
  }

  /**
   * Refuses an option that neither the command nor Beam has, before the command runs without what a
   * misspelled option should set.
   */
  private static void requireKnown(CommandLine line) {
    if (!line.getCommandSpec().unmatchedArgsBindings().isEmpty()) {
      List<String> unknown =
          BeamArguments.unknown(line.getUnmatchedArguments(), line.getCommandSpec()).stream()
              .filter(argument -> argument.startsWith("-"))
              .toList();
      if (!unknown.isEmpty()) {
        throw new UnmatchedArgumentException(line, unknown);
      }
    }
  }

  /** Refuses a value that an option does not allow; picocli checks enums. */
  private static void requireAllowed(OptionSpec option, CommandLine line) {
    List<String> allowed = UsageErrors.allowed(option);
    if (allowed.isEmpty() || option.typeInfo().isEnum()) {
      return;
    }
    for (String value : option.stringValues()) {
      if (!allowed.contains(value)) {
        throw new ParameterException(line, UsageErrors.notAllowed(option, value), option, value);
      }
    }
  }
}
