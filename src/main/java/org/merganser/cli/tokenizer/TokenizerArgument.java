package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.FileArgument;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The argument of commands that names their tokenizer: {@code --tokenizer}, or the first one. */
final class TokenizerArgument {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description =
          "Use this tokenizer.json, or that of a run's output folder; the same as the "
              + "first argument.")
  private @Nullable Path tokenizer;

  /**
   * Returns the file of {@code --tokenizer}; without this option, that of the first argument, which
   * it removes from the list.
   *
   * @throws ParameterException if there is neither, or the argument names no tokenizer
   */
  Path takeFirst(List<String> arguments) throws IOException {
    if (tokenizer != null) {
      return tokenizer;
    }
    if (arguments.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "a tokenizer is missing: name a tokenizer.json, or the output folder of a run");
    }
    String first = arguments.remove(0);
    try {
      Path file = new FileArgument.TokenizerPath().convert(first);
      if (Files.exists(file)) {
        return file;
      }
    } catch (TypeConversionException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (InvalidPathException e) {
      // A text that is no path names no tokenizer: the error below says so.
    }
    throw new ParameterException(
        command.commandLine(),
        ("\"%s\" is neither a tokenizer.json nor the output folder of a run; name one before the"
                + " text, or with --tokenizer")
            .formatted(first));
  }
}
