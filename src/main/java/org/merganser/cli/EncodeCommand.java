package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code encode}: id shards from a tokenizer.json that is there already. */
@Command(
    name = "encode",
    description = "Encodes a corpus into id shards with a tokenizer.json.",
    footer = {
      "",
      "Example: ${ROOT-COMMAND-NAME} encode --tokenizer target/my-tokenizer --input sample-data/corpus \\",
      "           --end-of-document '<|endoftext|>' --output target/ids"
    })
final class EncodeCommand extends JobCommand {
  @Option(
      names = "--tokenizer",
      required = true,
      converter = FileArgument.Tokenizer.class,
      description = "A tokenizer.json, or the output folder of a run that has one.")
  private String tokenizer = "";

  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Option(
      names = "--to",
      split = ",",
      completionCandidates = ConvertCommand.Layouts.class,
      description = "Some of ${COMPLETION-CANDIDATES}, by commas (parquet).")
  private List<String> formats = new ArrayList<>(List.of("parquet"));

  @Option(names = "--end-of-document", description = "Token appended to each document.")
  private @Nullable String endOfDocument;

  @Option(names = "--group-by", description = "Field path whose value groups documents.")
  private @Nullable String groupBy;

  @Option(
      names = "--special-text",
      description = "Special-token text in the corpus: text, parse, reject (${DEFAULT-VALUE}).")
  private String specialText = "text";

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Override
  public Integer call() throws Exception {
    List<String> settings = corpus.settings();
    settings.add(JobReader.text("tokenizer.load", tokenizer));
    settings.add(JobReader.text("tokenizer.specialText", specialText));
    settings.add(JobReader.texts("shards.formats", formats));
    CorpusOptions.add(settings, "shards.endOfDocument", endOfDocument);
    CorpusOptions.add(settings, "shards.groupBy", groupBy);
    settings.add(JobReader.text("output", output));
    return run(settings);
  }
}
