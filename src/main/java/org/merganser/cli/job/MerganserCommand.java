package org.merganser.cli.job;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.merganser.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The base of every command: the options {@code --help} and {@code --version}, and the output. */
@Command(mixinStandardHelpOptions = true)
public abstract class MerganserCommand implements Callable<Integer> {
  @Spec protected CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  protected MerganserCommand() {}

  /** The writer for the command's result. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Prints a result for programs, as indented JSON with a final LF, and nothing else. */
  protected final void printJson(Object result) {
    out().print(new String(Json.figures(result), StandardCharsets.UTF_8));
    out().flush();
  }

  /** The exception for arguments that do not fit together; it ends the command. */
  protected final ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
