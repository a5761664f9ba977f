package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.io.function.IOPredicate;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.message.Plural;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The group {@code embeddings} with the commands that make, read and write tables. */
@Command(
    name = "embeddings",
    subcommands = {
      EmbeddingsCommand.Init.class,
      EmbeddingsCommand.Import.class,
      EmbeddingsCommand.Export.class,
      ExtendCommand.class
    },
    description = "Create, import, extend and export embedding tables.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} embeddings export target/tutorial --to safetensors \\
                   --output target/table.safetensors
        """)
public final class EmbeddingsCommand extends MerganserCommand {
  static final WrittenPath.Kind TABLE =
      new WrittenPath.Kind("an embedding table", EmbeddingTableWriter::isTable);

  @Override
  public Integer call() {
    throw wrongUsage("a command is missing: init, import, export or extend");
  }

  /** The file that a command writes. */
  static final class Output {
    @Option(
        names = "--output",
        required = true,
        converter = FileArgument.Location.class,
        paramLabel = "FILE",
        description = "Write this file.")
    private String location = "";

    String location() {
      return location;
    }

    /**
     * Returns the location, at which there may be an earlier file of the kind.
     *
     * @param inputs of the command; null for none
     */
    String requireFree(WrittenPath.Kind kind, @Nullable Object... inputs) throws IOException {
      new WrittenPath("--output", location)
          .outsideOfOutputs()
          .apartFrom(Arrays.asList(inputs))
          .replaces(kind);
      return location;
    }
  }

  @Command(
      name = "init",
      description =
          "Write a Parquet table of random rows, normal(0, std). A seed produces the "
              + "same rows on every machine.",
      footer =
          """
          Example: ${ROOT-COMMAND-NAME} embeddings init --tokenizer target/sample --dim 256 \\
                     --output target/random.parquet
          """)
  static final class Init extends FiguresCommand {
    @Option(
        names = "--rows",
        paramLabel = "N",
        description = "Write N rows, at least as many as the vocabulary has ids.")
    private @Nullable Integer rows;

    @Option(
        names = "--tokenizer",
        converter = FileArgument.TokenizerPath.class,
        paramLabel = "TOKENIZER",
        description = "Take the number of rows from this tokenizer.json or run instead.")
    private @Nullable Path tokenizer;

    @Option(
        names = "--dim",
        required = true,
        paramLabel = "N",
        description = "Write N floats in a row.")
    private int dim;

    @Option(
        names = "--std",
        paramLabel = "N",
        description = "Draw with this standard deviation (${DEFAULT-VALUE}).")
    private double std = 0.02;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Draw with this seed (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws IOException {
      String written = output.requireFree(TABLE, tokenizer);
      if (tokenizer == null && rows == null) {
        throw wrongUsage("needs --rows or --tokenizer");
      }
      byte[] read = tokenizer == null ? null : WholeFile.read(tokenizer);
      String madeFor = read == null ? null : Sha256.of(read);
      int ids = read == null ? 0 : Tokenizer.read(read, String.valueOf(tokenizer)).idBound();
      int rowsToWrite = Math.max(ids, rows == null ? 0 : rows);
      FileStore.of(written)
          .publishFile(
              written,
              file -> EmbeddingTableInit.write(file, rowsToWrite, dim, std, seed, madeFor));
      String figures = Plural.of(rowsToWrite, "row") + " of " + Plural.of(dim, "float");
      if (json) {
        printJson(Map.of("output", written, "rows", rowsToWrite, "dim", dim));
      } else {
        out().println("Wrote " + written + ": " + figures);
      }
      return ExitCode.DONE.code();
    }
  }

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
  static final class Import extends FiguresCommand {
    enum NonFinite {
      ERROR,
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

    @Option(
        names = "--tensor",
        paramLabel = "TENSOR",
        description = "Read this tensor or column (one of the usual names).")
    private @Nullable String tensor;

    @Option(
        names = "--non-finite",
        paramLabel = "MODE",
        description = "Treat NaNs and infinities in this way: error, or zero (error).")
    private NonFinite nonFinite = NonFinite.ERROR;

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws IOException {
      String written = output.requireFree(TABLE, source, tokenizer);
      EmbeddingImport.Request request =
          new EmbeddingImport.Request(
              LocalFiles.of(source), tensor, tokenizer, nonFinite == NonFinite.ZERO);
      try (FileStore.Draft draft = FileStore.of(written).draft(written)) {
        EmbeddingReport report = EmbeddingImport.write(request, draft.file());
        draft.publish();
        if (json) {
          printJson(Map.of("output", written, "table", report));
          return ExitCode.DONE.code();
        }
        out().println("Wrote " + written + ":");
        report.lines().forEach(line -> out().println("  " + line));
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "export",
      description = "Write a table as safetensors or npy.",
      footer =
          """
          Example: ${ROOT-COMMAND-NAME} embeddings export sample-data/embeddings.parquet --to safetensors \\
                     --dtype f16 --output target/table.safetensors
          """)
  static final class Export extends MerganserCommand {
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

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws IOException {
      refuse(format == Format.NPY, "with --to npy, whose array has no name", "--tensor");
      String named = run.or(argument, "a table, or a run that has one");
      String table = new FileArgument.Table().convert(named);
      String written = output.requireFree(format.kind, table);
      Path from = LocalFiles.of(table);
      FileStore.of(written)
          .publishFile(
              written,
              file -> {
                switch (format) {
                  case SAFETENSORS -> EmbeddingExport.safetensors(from, tensor, dtype, file);
                  case NPY -> EmbeddingExport.npy(from, dtype, file);
                }
              });
      out().println("Wrote " + written);
      return ExitCode.DONE.code();
    }
  }
}
