package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.CorpusOptions;
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
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Option(
      names = "--to",
      split = ",",
      completionCandidates = ConvertCommand.Layouts.class,
      description = "Some of ${COMPLETION-CANDIDATES}, by commas (parquet).")
  private List<String> formats = new ArrayList<>(List.of("parquet"));

  @Override
  protected String table() {
    return """
        --tokenizer tokenizer.load TOKENIZER! A tokenizer.json, or the output folder of a run that \
        has one.
        --exclude-ids corpus.excludeIds FILE... A file of document ids, one a line, to leave out. \
        May be repeated.
        --end-of-document shards.endOfDocument TOKEN Token appended to each document.
        --group-by shards.groupBy FIELD Field path whose value groups documents.
        --special-text tokenizer.specialText MODE Special-token text in the corpus: text, parse, \
        reject (text).
        --output output FOLDER! The folder to write.
        """;
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    settings.add(JobReader.texts("shards.formats", formats));
    return run(settings);
  }
}
