package org.merganser.cli.job;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The base of all commands: help, writers, and errors of usage. */
@Command(mixinStandardHelpOptions = true)
public abstract class MerganserCommand implements Callable<Integer> {
  @Spec protected CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  protected MerganserCommand() {}

  /** The writer of results, on standard output unless a test sets another one. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Prints a result as indented JSON with a final LF. */
  protected final void printJson(Object result) {
    out().print(new String(Json.figures(result), StandardCharsets.UTF_8));
    out().flush();
  }

  /**
   * Like {@link #refuse(String, String...)}, under a condition.
   *
   * @param withoutEffect whether the options have no effect; if false, nothing is checked
   */
  protected final void refuseIf(boolean withoutEffect, String why, String... options) {
    if (withoutEffect) {
      refuse(why, options);
    }
  }

  /** {@link #refuse(CommandSpec, String, String...)} for this command. */
  protected final void refuse(String why, String... options) {
    refuse(spec, why, options);
  }

  /**
   * Refuses options that have no effect.
   *
   * @param command the options of which were typed
   * @param why after "has no effect", such as {@code without --input}
   * @throws ParameterException naming the first of the options that is given
   */
  public static void refuse(CommandSpec command, String why, String... options) {
    for (String option : options) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(command.commandLine(), option + " has no effect " + why);
      }
    }
  }

  /** Whether the user gave an option, even with the value of its default. */
  protected final boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** The exception for wrong usage, which the caller throws: {@link ExitCode#WRONG_USAGE}. */
  protected final ParameterException wrongUsage(String format, @Nullable Object... values) {
    return new ParameterException(spec.commandLine(), Phrase.of(format, values));
  }
}
