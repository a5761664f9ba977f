package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code encode}: a job that writes shards with a tokenizer that exists. */
@Command(
    name = "encode",
    description = "Encode a corpus into id shards with a tokenizer.json.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} encode --tokenizer target/my-tokenizer --input sample-data/corpus \\
                   --end-of-document '<|endoftext|>' --output target/ids
        """)
final class EncodeCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.required("--tokenizer TOKENIZER", "tokenizer.load"),
        KeyOption.of("--to LAYOUT", "shards.formats"),
        KeyOption.of("--exclude-ids FILE", "corpus.excludeIds"),
        KeyOption.of("--begin-token TOKEN", "shards.beginOfDocument"),
        KeyOption.of("--end-of-document TOKEN", "shards.endOfDocument"),
        KeyOption.of("--group-by FIELD", "shards.groupBy"),
        KeyOption.required("--output FOLDER", "output"),
        KeyOption.onlyInFullHelp("--special-text MODE", "tokenizer.specialText"));
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = givenSettings();
    settings.addAll(corpus.jobSettings());
    return run(settings);
  }
}
