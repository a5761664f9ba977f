package org.merganser.cli;

import org.merganser.cli.job.MerganserCommand;
import picocli.CommandLine.Command;

/** {@code tokenizer …}: a tokenizer in other tools' formats. */
@Command(
    name = "tokenizer",
    description = "Writes a tokenizer for other tools.",
    footer = {
      "",
      "Example: merganser tokenizer export target/sample --to tiktoken --output target/sample.tiktoken"
    },
    subcommands = TokenizerExportCommand.class)
final class TokenizerCommand extends MerganserCommand {
  @Override
  public Integer call() {
    throw wrongUsage("a command is missing: export");
  }
}
