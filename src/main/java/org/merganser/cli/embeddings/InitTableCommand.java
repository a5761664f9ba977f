package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.message.Plural;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embeddings init}: writes a table of random rows. */
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
final class InitTableCommand extends FiguresCommand {
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

  @Mixin private TableOutput output = new TableOutput();

  @Override
  public Integer call() throws IOException {
    String written = output.checkedLocation(EmbeddingsCommand.TABLE, tokenizer);
    if (tokenizer == null && rows == null) {
      throw wrongUsage("needs --rows or --tokenizer");
    }
    byte[] tokenizerJson = tokenizer == null ? null : WholeFile.read(tokenizer);
    int rowsToWrite = Math.max(countIds(tokenizerJson), rows == null ? 0 : rows);
    String tokenizerSha256 = tokenizerJson == null ? null : Sha256.of(tokenizerJson);
    FileStore.of(written)
        .publishFile(
            written,
            file -> EmbeddingTableInit.write(file, rowsToWrite, dim, std, seed, tokenizerSha256));
    if (json) {
      printJson(Map.of("output", written, "rows", rowsToWrite, "dim", dim));
    } else {
      String figures = Plural.of(rowsToWrite, "row") + " of " + Plural.of(dim, "float");
      out().println("Wrote " + written + ": " + figures);
    }
    return ExitCode.DONE.code();
  }

  /** The number of ids of the tokenizer that the option names; 0 without one. */
  private int countIds(byte @Nullable [] tokenizerJson) {
    return tokenizerJson == null
        ? 0
        : Tokenizer.read(tokenizerJson, String.valueOf(tokenizer)).idBound();
  }
}
