package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings import}: builds a table from another tool's vectors. */
@Command(name = "import")
final class EmbeddingsImportCommand extends FiguresCommand {
  enum NonFinite {
    ERROR,
    ZERO
  }

  @Parameters(
      paramLabel = "SRC",
      converter = FileArgument.Table.class,
      description = "The file, a model's folder, or a run that learned or joined a table.")
  private String source = "";

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      description = "tokenizer.json that rows are counted against.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--tensor",
      description = "The tensor or column; without it the usual names are looked for.")
  private @Nullable String tensor;

  @Option(names = "--non-finite", description = "NaNs and infinities: error, or zero (error).")
  private NonFinite nonFinite = NonFinite.ERROR;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      converter = FileArgument.Location.class,
      description = "The Parquet file to write.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    new WrittenPath("--output", output)
        .outsideOfOutputs()
        .apartFrom(Arrays.asList(source, tokenizer))
        .replaces(EmbeddingsCommand.TABLE);
    EmbeddingImport.Request request =
        new EmbeddingImport.Request(
            LocalFiles.of(source), tensor, tokenizer, nonFinite == NonFinite.ZERO);
    try (FileStore.Draft draft = FileStore.of(output).draft(output)) {
      EmbeddingReport report = EmbeddingImport.write(request, draft.file());
      draft.publish();
      if (json) {
        printJson(Map.of("output", output, "table", report));
        return ExitCode.DONE;
      }
      out().println("Wrote " + output + ":");
      report.lines().forEach(line -> out().println("  " + line));
    }
    return ExitCode.DONE;
  }
}
