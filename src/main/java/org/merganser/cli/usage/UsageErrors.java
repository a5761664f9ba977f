package org.merganser.cli.usage;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.BeamArguments;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.job.JobKeys;
import org.merganser.job.Spelling;
import org.merganser.pipeline.engine.RunnerFlags;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command after checks that picocli does not make, and reports wrong usage in at most four
 * lines: the problem with the nearest valid form, and the help of the command.
 */
public final class UsageErrors implements IParameterExceptionHandler {
  /** Options of other tools, each with the option here that has the same effect. */
  private static final Map<String, String> OF_OTHER_TOOLS =
      Map.of("--dry-run", "--explain", "--plan", "--explain", "--formats", "--to");

  /** Runs the command, after checking what picocli does not check; returns the exit code. */
  public static int execute(ParseResult parsed) {
    ParseResult typed = parsed;
    while (typed.hasSubcommand()) {
      typed = typed.subcommand();
    }
    CommandLine line = typed.commandSpec().commandLine();
    // picocli shows the help of a group for an unknown command of it.
    if (!line.getSubcommands().isEmpty() && !typed.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(line, typed.unmatched());
    }
    requireKnown(line);
    if (line.getCommand() instanceof AutoComplete.GenerateCompletion
        && typed.matchedOptions().isEmpty()) {
      line.getOut().print(OptionModel.completion(parsed.commandSpec().commandLine()));
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
    List<String> allowed = allowed(option);
    if (allowed.isEmpty() || option.typeInfo().isEnum()) {
      return;
    }
    for (String value : option.stringValues()) {
      if (!allowed.contains(value)) {
        throw new ParameterException(line, notAllowed(option, value), option, value);
      }
    }
  }

  /** Reports what is wrong with the arguments; returns the exit code. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    CommandSpec command = line.getCommandSpec();
    PrintWriter err = line.getErr();
    String unknown = findUnknown(e);
    String message = unknown == null ? message(e) : unknownMessage(unknown, command);
    boolean needsUsage = e instanceof MissingParameterException;
    if (unknown != null) {
      boolean advises = message.contains("; "); // before a suggestion
      needsUsage = unknown.startsWith("-") && command.subcommands().isEmpty() && !advises;
    }
    err.println("merganser: " + TerminalText.line(message));
    if (needsUsage) {
      err.print("Usage: " + line.getHelp().abbreviatedSynopsis());
    }
    err.println("See " + command.qualifiedName() + " --help");
    return command.exitCodeOnInvalidInput();
  }

  /** The problem with a known option or argument. */
  private static String message(ParameterException e) {
    ArgSpec argument = e.getArgSpec();
    return argument != null && e.getValue() != null && !allowed(argument).isEmpty()
        ? notAllowed(argument, e.getValue())
        : String.valueOf(e.getMessage());
  }

  /** The first argument that is unknown; null if the problem is another one. */
  private static @Nullable String findUnknown(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unmatched.getUnmatched().get(0);
    }
    CommandLine line = e.getCommandLine();
    List<String> misspelled =
        e instanceof MissingParameterException
            ? BeamArguments.unknown(line.getUnmatchedArguments(), line.getCommandSpec())
            : List.of();
    return misspelled.stream().filter(a -> a.startsWith("-")).findFirst().orElse(null);
  }

  /** The problem with an unknown option, command or argument. */
  private static String unknownMessage(String argument, CommandSpec command) {
    if (argument.startsWith("-")) {
      return unknownOption(argument.replaceFirst("=.*", ""), command);
    }
    if (command.subcommands().isEmpty()) {
      return misplacedArgument(argument, command);
    }
    return "there is no command \"%s\"%s"
        .formatted(argument, Spelling.suggestion(argument, command.subcommands().keySet()));
  }

  /**
   * The problem with an argument that has no place. picocli ends a list of arguments at one that
   * cannot be converted, so the error of its conversion comes first.
   */
  private static String misplacedArgument(String argument, CommandSpec command) {
    for (PositionalParamSpec list : command.positionalParameters()) {
      try {
        for (var converter : list.converters()) {
          converter.convert(argument);
        }
      } catch (Exception e) {
        return String.valueOf(e.getMessage());
      }
    }
    return "there is no place for the argument \"%s\"".formatted(argument);
  }

  /** The problem with an unknown option, with the option, key or flag that it may mean. */
  private static String unknownOption(String name, CommandSpec command) {
    Collection<String> known = new ArrayList<>(command.optionsMap().keySet());
    known.removeIf(option -> command.findOption(option).hidden());
    if (!command.unmatchedArgsBindings().isEmpty()) {
      known.addAll(RunnerFlags.names());
    }
    String nearest = suggestion(name, known);
    return "there is no option %s here%s%s"
        .formatted(
            name,
            nearest.isEmpty() ? keySuggestion(name, command) : nearest,
            RunnerFlags.runnerAdvice(name));
  }

  /**
   * The settings that have the effect of an unknown option, as the end of a sentence. They set the
   * keys whose names are that of the option in camel case; "" for none, and for a command without
   * {@code --set}.
   */
  private static String keySuggestion(String option, CommandSpec command) {
    if (command.findOption("--set") == null) {
      return "";
    }
    String name =
        Pattern.compile("-+(.)")
            .matcher(option.replaceFirst("^-+", ""))
            .replaceAll(dash -> dash.group(1).toUpperCase(Locale.ROOT));
    return JobKeys.all().keySet().stream()
        .filter(key -> key.endsWith("." + name))
        .map("--set %s=…"::formatted)
        .reduce((one, other) -> one + " or " + other)
        .map("; here it is "::concat)
        .orElse("");
  }

  /** The option of the same effect, or the nearest name, as the end of a sentence; "" for none. */
  private static String suggestion(String name, Collection<String> known) {
    String same = OF_OTHER_TOOLS.getOrDefault(name, "");
    return known.contains(same)
        ? Spelling.suggestion(same, List.of(same))
        : Spelling.suggestion(name, known);
  }

  private static String notAllowed(ArgSpec argument, String value) {
    List<String> allowed = allowed(argument);
    return "%s: \"%s\" is not allowed; allowed: %s%s"
        .formatted(
            argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel(),
            value,
            String.join(", ", allowed),
            Spelling.suggestion(value, allowed));
  }

  /** The allowed values, in a list that the caller may change; empty for any. */
  static List<String> allowed(ArgSpec argument) {
    List<String> allowed = new ArrayList<>();
    if (argument.completionCandidates() != null) {
      argument.completionCandidates().forEach(allowed::add);
    }
    return allowed;
  }
}
