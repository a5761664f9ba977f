package org.merganser.cli.embeddings;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings export}: a table in another tool's format. */
@Command(
    name = "export",
    description = "Writes a table as safetensors, npy, word2vec text or a model2vec folder.",
    footer = {
      "",
      "Examples: merganser embeddings export sample-data/embeddings.parquet --to word2vec \\",
      "            --tokenizer target/tutorial --output target/table.vec",
      "          merganser embeddings export target/tutorial --to model2vec \\",
      "            --tokenizer target/tutorial --normalize --output target/model"
    })
final class EmbeddingsExportCommand extends MerganserCommand {
  /** Formats of other tools. */
  enum Format {
    SAFETENSORS,
    NPY,
    WORD2VEC,
    MODEL2VEC
  }

  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "The table, as Parquet, or a run that learned or joined one.")
  private @Nullable String argument;

  @Option(names = "--to", required = true, description = "safetensors, npy, word2vec or model2vec.")
  private Format format = Format.SAFETENSORS;

  @Option(
      names = "--dtype",
      description = "F32, F16, BF16 (safetensors alone); word2vec is text (${DEFAULT-VALUE}).")
  private FloatType dtype = FloatType.F32;

  @Option(names = "--tensor", description = "The tensor's name in safetensors (${DEFAULT-VALUE}).")
  private String tensor = "model.embed_tokens.weight";

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      description = "tokenizer.json of the table; word2vec and model2vec need it.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--normalize",
      description = "model2vec: vectors of texts are scaled to length 1.")
  private boolean normalize;

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      description = "The file to write; a new local folder for model2vec.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    String named = run.or(argument, "a table, or a run that has one", spec);
    Path from = LocalFiles.of(new FileArgument.Table().convert(named));
    if (format == Format.MODEL2VEC) {
      EmbeddingExport.model2vec(
          from, requireTokenizer(), dtype, normalize, FileStore.localPath(output));
    } else {
      Path words = format == Format.WORD2VEC ? requireTokenizer() : Path.of("");
      FileStore.of(output)
          .publishFile(
              output,
              file -> {
                switch (format) {
                  case SAFETENSORS -> EmbeddingExport.safetensors(from, tensor, dtype, file);
                  case NPY -> EmbeddingExport.npy(from, dtype, file);
                  default -> EmbeddingExport.word2vec(from, Tokenizer.read(words), file);
                }
              });
    }
    out().println("Wrote " + output);
    return ExitCode.DONE;
  }

  private Path requireTokenizer() {
    if (tokenizer == null) {
      throw wrongUsage("--to " + format + " needs --tokenizer");
    }
    return tokenizer;
  }
}
