package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings export}: writes a table in another tool's format. */
@Command(name = "export")
final class EmbeddingsExportCommand extends MerganserCommand {
  enum Format {
    SAFETENSORS("a safetensors file of one matrix", EmbeddingExport::isSafetensors),
    NPY("an npy file of a matrix", EmbeddingExport::isNpy);

    @SuppressWarnings("ImmutableEnumChecker") // a stateless test of a file
    private final WrittenPath.Kind kind;

    Format(String name, WrittenPath.Kind.Test test) {
      this.kind = new WrittenPath.Kind(name, test);
    }
  }

  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "The table, as Parquet, or a run that learned or joined one.")
  private @Nullable String argument;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "safetensors or npy.")
  private Format format = Format.SAFETENSORS;

  @Option(names = "--dtype", description = "f32, f16, bf16 (safetensors alone) (f32).")
  private FloatType dtype = FloatType.F32;

  @Option(names = "--tensor", description = "The tensor's name in safetensors (${DEFAULT-VALUE}).")
  private String tensor = "model.embed_tokens.weight";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      converter = FileArgument.Location.class,
      description = "The file to write.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    refuse(format == Format.NPY, "with --to npy, whose array has no name", "--tensor");
    String named = run.or(argument, "a table, or a run that has one", spec);
    String table = new FileArgument.Table().convert(named);
    new WrittenPath("--output", output)
        .outsideOfOutputs()
        .apartFrom(List.of(table))
        .replaces(format.kind);
    Path from = LocalFiles.of(table);
    FileStore.of(output)
        .publishFile(
            output,
            file -> {
              switch (format) {
                case SAFETENSORS -> EmbeddingExport.safetensors(from, tensor, dtype, file);
                case NPY -> EmbeddingExport.npy(from, dtype, file);
              }
            });
    out().println("Wrote " + output);
    return ExitCode.DONE;
  }
}
