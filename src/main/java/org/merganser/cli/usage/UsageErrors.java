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
import org.merganser.job.Key;
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
 * Reports wrong usage in at most four lines: the problem with the nearest valid form, and the help
 * of the command.
 */
public final class UsageErrors implements IParameterExceptionHandler {
  /** Options of other tools, with the option here that has the same effect. */
  private static final Map<String, String> ELSEWHERE =
      Map.of("--dry-run", "--explain", "--plan", "--explain", "--formats", "--to");

  /** Reports what is wrong with the arguments; returns the exit code. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    CommandSpec command = line.getCommandSpec();
    PrintWriter err = line.getErr();
    String unmatched = unmatched(e);
    String message = unmatched == null ? message(e) : unknown(unmatched, command);
    boolean needsUsage = e instanceof MissingParameterException;
    if (unmatched != null) {
      boolean advises = message.contains("; ");
      needsUsage = unmatched.startsWith("-") && command.subcommands().isEmpty() && !advises;
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

  /** The argument that is unknown; null if the problem is another one. */
  private static @Nullable String unmatched(ParameterException e) {
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

  /** The problem with an argument that has no place. */
  private static String unknown(String argument, CommandSpec command) {
    if (argument.startsWith("-")) {
      return unknownOption(argument.replaceFirst("=.*", ""), command);
    }
    if (command.subcommands().isEmpty()) {
      for (PositionalParamSpec list : command.positionalParameters()) {
        try {
          for (var converter : list.converters()) {
            converter.convert(argument); // picocli ends a list if this fails
          }
        } catch (Exception e) {
          return String.valueOf(e.getMessage());
        }
      }
      return "there is no place for the argument \"%s\"".formatted(argument);
    }
    return "there is no command \"%s\"%s"
        .formatted(argument, Spelling.suggestion(argument, command.subcommands().keySet()));
  }

  private static String unknownOption(String name, CommandSpec command) {
    Collection<String> known = new ArrayList<>(command.optionsMap().keySet());
    known.removeIf(option -> command.findOption(option).hidden());
    if (!command.unmatchedArgsBindings().isEmpty()) {
      known.addAll(RunnerFlags.names());
    }
    String nearest = suggestion(name, known);
    return "there is no option %s here%s%s"
        .formatted(
            name, nearest.isEmpty() ? asKey(name, command) : nearest, RunnerFlags.ofEngine(name));
  }

  /** The keys with the name of an option of other commands, if this one can set keys; else "". */
  private static String asKey(String option, CommandSpec command) {
    if (command.findOption("--set") == null) {
      return "";
    }
    String name =
        Pattern.compile("-+(.)")
            .matcher(option.replaceFirst("^-+", ""))
            .replaceAll(dash -> dash.group(1).toUpperCase(Locale.ROOT));
    return Key.all().keySet().stream()
        .filter(key -> key.endsWith("." + name))
        .map("--set %s=…"::formatted)
        .reduce((one, other) -> one + " or " + other)
        .map("; here it is "::concat)
        .orElse("");
  }

  /** The option of the same effect, or the nearest name, as the end of a sentence; "" for none. */
  private static String suggestion(String name, Collection<String> known) {
    String same = ELSEWHERE.getOrDefault(name, "");
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

  /**
   * Refuses an option that neither the command nor Beam has, before the command misses what the
   * misspelled option should have given it.
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

  /** Runs the command, after checking what picocli does not check; returns the exit code. */
  public static int execute(ParseResult parsed) {
    ParseResult asked = parsed;
    while (asked.hasSubcommand()) {
      asked = asked.subcommand();
    }
    CommandLine line = asked.commandSpec().commandLine();
    // picocli shows the help of a group for an unknown command of it.
    if (!line.getSubcommands().isEmpty() && !asked.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(line, asked.unmatched());
    }
    requireKnown(line);
    if (line.getCommand() instanceof AutoComplete.GenerateCompletion
        && asked.matchedOptions().isEmpty()) {
      line.getOut().print(OptionModel.completion(parsed.commandSpec().commandLine()));
      return line.getCommandSpec().exitCodeOnSuccess();
    }
    asked.matchedOptions().forEach(option -> requireAllowed(option, line));
    return new RunLast().execute(parsed);
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
}
