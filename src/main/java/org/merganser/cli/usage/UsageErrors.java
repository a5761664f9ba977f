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
import org.merganser.job.NearestName;
import org.merganser.pipeline.engine.RunnerFlags;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reports wrong usage in a few lines: the problem with the nearest valid form, and the help of the
 * command. {@link CheckedExecution} finds problems that picocli does not.
 */
public final class UsageErrors implements IParameterExceptionHandler {
  /** Options of other tools, each with the option here that has the same effect. */
  private static final Map<String, String> OF_OTHER_TOOLS =
      Map.ofEntries(
          Map.entry("--dry-run", "--explain"),
          Map.entry("--plan", "--explain"),
          Map.entry("--formats", "--to"));

  /** Reports what is wrong with the arguments; returns the exit code. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    CommandSpec command = line.getCommandSpec();
    PrintWriter err = line.getErr();
    String unknown = findUnknown(e);
    String message;
    boolean needsUsage;
    if (unknown == null) {
      message = message(e);
      needsUsage = e instanceof MissingParameterException;
    } else if (unknown.startsWith("-")) {
      String name = unknown.replaceFirst("=.*", "");
      String advice = adviceForOption(name, command);
      message = "there is no option %s here%s".formatted(name, advice);
      needsUsage = command.subcommands().isEmpty() && advice.isEmpty();
    } else {
      message = unknownArgument(unknown, command);
      needsUsage = false;
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

  /** The problem with an unknown command, or an argument that has no place. */
  private static String unknownArgument(String argument, CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return misplacedArgument(argument, command);
    }
    return "there is no command \"%s\"%s"
        .formatted(argument, NearestName.suggestion(argument, command.subcommands().keySet()));
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

  /**
   * The option, key or flag that an unknown option may mean, as the end of a sentence; "" for none.
   */
  private static String adviceForOption(String name, CommandSpec command) {
    Collection<String> known = new ArrayList<>(command.optionsMap().keySet());
    known.removeIf(option -> command.findOption(option).hidden());
    if (!command.unmatchedArgsBindings().isEmpty()) {
      known.addAll(RunnerFlags.names());
    }
    String nearest = suggestion(name, known);
    String meant = nearest.isEmpty() ? keySuggestion(name, command) : nearest;
    return meant + RunnerFlags.runnerAdvice(name);
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
        ? NearestName.suggestion(same, List.of(same))
        : NearestName.suggestion(name, known);
  }

  /** The problem with a value that an option or argument does not allow. */
  static String notAllowed(ArgSpec argument, String value) {
    List<String> allowed = allowed(argument);
    return "%s: \"%s\" is not allowed; allowed: %s%s"
        .formatted(
            argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel(),
            value,
            String.join(", ", allowed),
            NearestName.suggestion(value, allowed));
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
