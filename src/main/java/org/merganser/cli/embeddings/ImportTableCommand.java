package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings import}: writes a table with the vectors of another tool. */
@Command(
    name = "import",
    description =
        "Import the vectors of another tool as a Parquet table: safetensors (a file, "
            + "the index of a model in parts, or the model's folder), npy, or Parquet with "
            + "any column names. Padding, zero rows and equal rows are reported.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} embeddings import target/table.safetensors \\
                   --tokenizer target/tutorial --output target/table.parquet
        """)
final class ImportTableCommand extends FiguresCommand {
  /** What is done with NaNs and infinities. */
  enum NonFinite {
    /** The first is an error. */
    ERROR,
    /** Each is replaced by 0. */
    ZERO
  }

  @Parameters(
      converter = FileArgument.Table.class,
      paramLabel = "SRC",
      description = "The file, a model's folder, or a run that learned or joined a table.")
  private String source = "";

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description = "Require a row for each id of this tokenizer.json.")
  private @Nullable Path tokenizer;

  @Mixin private TensorOption tensor = new TensorOption();

  @Option(
      names = "--non-finite",
      paramLabel = "MODE",
      description = "Treat NaNs and infinities in this way: error, or zero (error).")
  private NonFinite nonFinite = NonFinite.ERROR;

  @Mixin private TableOutput output = new TableOutput();

  @Override
  public Integer call() throws IOException {
    String written = output.checkedLocation(EmbeddingsCommand.TABLE, source, tokenizer);
    boolean zeroNonFinite = nonFinite == NonFinite.ZERO;
    EmbeddingImport.Request request =
        new EmbeddingImport.Request(LocalFiles.of(source), tensor.name(), tokenizer, zeroNonFinite);
    try (FileStore.Draft draft = FileStore.of(written).draft(written)) {
      EmbeddingReport report = EmbeddingImport.write(request, draft.file());
      draft.publish();
      if (json) {
        printJson(Map.of("output", written, "table", report));
      } else {
        out().println("Wrote " + written + ":");
        report.lines().forEach(line -> out().println("  " + line));
      }
    }
    return ExitCode.DONE.code();
  }
}
