package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.report.Plural;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "embeddings",
    subcommands = {
      EmbeddingsCommand.Init.class,
      EmbeddingsCommand.Import.class,
      EmbeddingsCommand.Export.class
    })
public final class EmbeddingsCommand extends MerganserCommand {
  static final WrittenPath.Kind TABLE =
      new WrittenPath.Kind("an embedding table", EmbeddingTableWriter::isTable);

  @Override
  public Integer call() {
    throw wrongUsage("a command is missing: init, import or export");
  }

  @Command(name = "init")
  static final class Init extends FiguresCommand {
    @Option(names = "--rows", description = "Rows; at least the vocabulary's ids.")
    private @Nullable Integer rows;

    @Option(
        names = "--tokenizer",
        converter = FileArgument.TokenizerPath.class,
        description = "Takes the rows from this tokenizer.json, or this run's, instead.")
    private @Nullable Path tokenizer;

    @Option(names = "--dim", required = true, description = "Floats a row.")
    private int dim;

    @Option(names = "--std", description = "Standard deviation (${DEFAULT-VALUE}).")
    private double std = 0.02;

    @Option(names = "--seed", description = "Of the generator (${DEFAULT-VALUE}).")
    private long seed;

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
          .apartFrom(Collections.singleton(tokenizer))
          .replaces(TABLE);
      String sha256 = null;
      int wanted = rows == null ? 0 : rows;
      if (tokenizer != null) {
        byte[] json = WholeFile.read(tokenizer);
        sha256 = Sha256.of(json);
        wanted = Math.max(wanted, Tokenizer.read(json, tokenizer.toString()).idBound());
      } else if (rows == null) {
        throw wrongUsage("needs --rows or --tokenizer");
      }
      int rowsToWrite = wanted;
      String madeFor = sha256;
      FileStore.of(output)
          .publishFile(
              output, file -> EmbeddingTableInit.write(file, rowsToWrite, dim, std, seed, madeFor));
      String figures = Plural.of(rowsToWrite, "row") + " of " + Plural.of(dim, "float");
      if (json) {
        printJson(Map.of("output", output, "rows", rowsToWrite, "dim", dim));
      } else {
        out().println("Wrote " + output + ": " + figures);
      }
      return ExitCode.DONE;
    }
  }

  @Command(name = "import")
  static final class Import extends FiguresCommand {
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
          .replaces(TABLE);
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

  @Command(name = "export")
  static final class Export extends MerganserCommand {
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

    @Option(
        names = "--tensor",
        description = "The tensor's name in safetensors (${DEFAULT-VALUE}).")
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
}
