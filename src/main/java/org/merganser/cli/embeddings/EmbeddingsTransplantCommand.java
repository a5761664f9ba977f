package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.exchange.EmbeddingTransplant;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code embeddings transplant}: a table for another tokenizer. */
@Command(
    name = "transplant",
    description = {
      "Makes a table for tokenizer B from A's: A's row where a token is the same bytes, the mean of",
      "the rows of A's pieces elsewhere, as when a model gets a new vocabulary."
    },
    footer = {
      "",
      "Example: merganser embeddings transplant --from target/tutorial \\",
      "           --from-table target/tutorial --to target/my-tokenizer \\",
      "           --output target/transplanted.parquet"
    })
final class EmbeddingsTransplantCommand extends MerganserCommand {
  @Option(
      names = "--from",
      required = true,
      converter = FileArgument.TokenizerPath.class,
      description = "tokenizer.json of A, or a run.")
  private Path from = Path.of("");

  @Option(
      names = "--from-table",
      required = true,
      converter = FileArgument.Table.class,
      description = "A's table, or a run that learned or joined one.")
  private String fromTable = "";

  @Option(
      names = "--to",
      required = true,
      converter = FileArgument.TokenizerPath.class,
      description = "tokenizer.json of B, or a run.")
  private Path to = Path.of("");

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      description = "B's table, a Parquet file to write.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    try (FileStore.Draft draft = FileStore.of(output).draft(output)) {
      EmbeddingReport report =
          EmbeddingTransplant.write(
              LocalFiles.of(fromTable), from, to, draft.file(), LocalFiles.scratch());
      draft.publish();
      EmbeddingsImportCommand.print(report, output, out());
    }
    return ExitCode.DONE;
  }
}
