package org.merganser.cli.embeddings;

import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.EmbeddingTableWriter;
import picocli.CommandLine.Command;

/** The group {@code embeddings} with the commands that make, read and write tables. */
@Command(
    name = "embeddings",
    subcommands = {
      InitTableCommand.class,
      ImportTableCommand.class,
      ExportTableCommand.class,
      ExtendCommand.class
    },
    description = "Create, import, extend and export embedding tables.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} embeddings export target/tutorial --to safetensors \\
                   --output target/table.safetensors
        """)
public final class EmbeddingsCommand extends MerganserCommand {
  /** The kind of file that {@code init}, {@code import} and {@code extend} may replace. */
  static final WrittenPath.Kind TABLE =
      new WrittenPath.Kind("an embedding table", EmbeddingTableWriter::isTable);

  @Override
  public Integer call() {
    throw wrongUsage("a command is missing: init, import, export or extend");
  }
}
