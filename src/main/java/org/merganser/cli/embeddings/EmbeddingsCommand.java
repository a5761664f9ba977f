package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.report.Plural;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code embeddings …}: embedding tables. */
@Command(
    name = "embeddings",
    subcommands = {
      EmbeddingsCommand.Init.class,
      EmbeddingsImportCommand.class,
      EmbeddingsExportCommand.class
    })
public final class EmbeddingsCommand extends MerganserCommand {
  /** The kind of file that {@code init} and {@code import} write. */
  static final WrittenPath.Kind TABLE =
      new WrittenPath.Kind("an embedding table", EmbeddingTableWriter::isTable);

  @Override
  public Integer call() {
    throw wrongUsage("a command is missing: init, import or export");
  }

  /** {@code embeddings init}: seeded random rows. */
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
}
