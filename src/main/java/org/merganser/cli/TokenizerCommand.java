package org.merganser.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tokenizer …}: a tokenizer in other tools' formats. */
@Command(
    name = "tokenizer",
    mixinStandardHelpOptions = true,
    description = "Writes a tokenizer for other tools.",
    footer = {
      "",
      "Example: merganser tokenizer export target/sample --to tiktoken --output target/sample.tiktoken"
    },
    subcommands = TokenizerExportCommand.class)
final class TokenizerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  TokenizerCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: export");
  }
}
