package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.io.function.IOPredicate;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings export}: writes a table in a format of other tools. */
@Command(
    name = "export",
    description = "Write a table as safetensors or npy.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} embeddings export sample-data/embeddings.parquet --to safetensors \\
                   --dtype f16 --output target/table.safetensors
        """)
final class ExportTableCommand extends MerganserCommand {
  /** The formats of {@code --to}, each with the kind of file that it may replace. */
  enum Format {
    SAFETENSORS("a safetensors file of one matrix", EmbeddingExport::isSafetensors),
    NPY("an npy file of a matrix", EmbeddingExport::isNpy);

    @SuppressWarnings("ImmutableEnumChecker") // a stateless test of a file
    private final WrittenPath.Kind kind;

    Format(String name, IOPredicate<Path> test) {
      this.kind = new WrittenPath.Kind(name, test);
    }
  }

  @Mixin private OutputArgument run = new OutputArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "The table, as Parquet, or a run that learned or joined one.")
  private @Nullable String argument;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "Write safetensors or npy.")
  private Format format = Format.SAFETENSORS;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Write f32, f16, or bf16 in safetensors (f32).")
  private FloatType dtype = FloatType.F32;

  @Option(
      names = "--tensor",
      paramLabel = "TENSOR",
      description = "Give the tensor this name in safetensors (${DEFAULT-VALUE}).")
  private String tensor = "model.embed_tokens.weight";

  @Mixin private TableOutput output = new TableOutput();

  @Override
  public Integer call() throws IOException {
    refuseIf(format == Format.NPY, "with --to npy, whose array has no name", "--tensor");
    String named = run.resolve(argument, "a table, or a run that has one");
    String table = new FileArgument.Table().convert(named);
    String written = output.checkedLocation(format.kind, table);
    Path from = LocalFiles.of(table);
    FileStore.of(written)
        .publishFile(
            written,
            file -> {
              switch (format) {
                case SAFETENSORS -> EmbeddingExport.writeSafetensors(from, tensor, dtype, file);
                case NPY -> EmbeddingExport.writeNpy(from, dtype, file);
              }
            });
    out().println("Wrote " + written);
    return ExitCode.DONE.code();
  }
}
