package org.merganser.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.export.GgufVocabulary;
import org.merganser.tokenizer.export.TokenizerFolder;
import org.merganser.tokenizer.parts.TokenizerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tokenizer export}: a tokenizer in another tool's format, or why there is none. */
@Command(
    name = "export",
    description = {
      "Writes a tokenizer as a vocabulary-only GGUF (llama.cpp), tiktoken ranks, the folder that",
      "transformers loads, or vocab.json and merges.txt. Where a format cannot say what this",
      "tokenizer does, it is refused with the reason."
    },
    footer = {
      "",
      "Example: merganser tokenizer export target/sample --to gguf --assume-normalized \\",
      "           --output target/sample.gguf"
    })
final class TokenizerExportCommand extends MerganserCommand {
  /** Formats of other tools. */
  enum Format {
    GGUF,
    TIKTOKEN,
    TRANSFORMERS,
    BPE
  }

  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "TOKENIZER",
      description = "A tokenizer.json, or the output folder of a run.")
  private @Nullable String argument;

  @Option(
      names = "--to",
      required = true,
      description =
          "gguf, tiktoken, transformers (a folder), or bpe (a folder with vocab.json and"
              + " merges.txt).")
  private Format format = Format.GGUF;

  @Option(
      names = "--end-of-document",
      description = "The token that ends a text: eos_token of gguf and transformers.")
  private @Nullable String endOfDocument;

  @Option(
      names = "--assume-normalized",
      description =
          "gguf: all text will be normalized already, so that it doesn't matter that llama.cpp"
              + " normalizes none.")
  private boolean assumeNormalized;

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      description = "The file, or the folder, to write.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    String file = file(run.or(argument, "a tokenizer.json, or an output folder", spec));
    Tokenizer tokenizer = Tokenizer.read(FileStore.of(file).readAll(file), file);
    if (endOfDocument != null && tokenizer.id(endOfDocument) < 0) {
      throw wrongUsage("--end-of-document: \"" + endOfDocument + "\" is no token of " + file);
    }
    switch (format) {
      case GGUF -> write(output, gguf(tokenizer, file));
      case TIKTOKEN -> write(output, chosen(tokenizer, file, "tokenizer.tiktoken"));
      case BPE -> {
        write(output + "/vocab.json", chosen(tokenizer, file, "vocab.json"));
        write(output + "/merges.txt", chosen(tokenizer, file, "merges.txt"));
      }
      default -> {
        for (String name :
            new String[] {"special_tokens_map.json", "tokenizer_config.json", "tokenizer.json"}) {
          write(output + "/" + name, chosen(tokenizer, file, name));
        }
      }
    }
    out().println("Wrote " + output);
    return ExitCode.DONE;
  }

  /** The tokenizer.json of a run's output, or the file itself. */
  private static String file(String source) throws IOException {
    return FileStore.of(source).isFolder(source)
        ? FinishedOutput.tokenizerFile(source).orElse(source)
        : source;
  }

  private byte[] gguf(Tokenizer tokenizer, String file) {
    try {
      return GgufVocabulary.of(tokenizer, endOfDocument, assumeNormalized);
    } catch (TokenizerException e) {
      throw new TokenizerException(file + " cannot be exported to gguf: " + e.getMessage(), e);
    }
  }

  private byte[] chosen(Tokenizer tokenizer, String file, String name) {
    Map<String, byte[]> files = TokenizerFolder.files(tokenizer, "tokenizer", endOfDocument);
    byte[] content = files.get(name);
    if (content == null) {
      throw new TokenizerException(
          file
              + " cannot be exported to "
              + name
              + ": "
              + (name.equals("merges.txt")
                  ? "a merged token holds a space or a line end, at which the format cuts"
                  : "ranks say no more than which bytes are a token, and this model's merges (or"
                      + " missing bytes, unk_token, affixes) give other ids than that"));
    }
    return content;
  }

  private static void write(String location, byte[] content) throws IOException {
    FileStore.of(location).publish(location, out -> out.write(content));
  }
}
