package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "encode")
final class EncodeCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  protected List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.of("--tokenizer", "tokenizer.load", "TOKENIZER")
            .convertedBy(new FileArgument.Tokenizer())
            .required(),
        KeyOption.of("--to", "shards.formats", "LAYOUT"),
        KeyOption.of("--exclude-ids", "corpus.excludeIds", "FILE"),
        KeyOption.of("--end-of-document", "shards.endOfDocument", "TOKEN"),
        KeyOption.of("--group-by", "shards.groupBy", "FIELD"),
        KeyOption.of("--special-text", "tokenizer.specialText", "MODE").seldom(),
        KeyOption.of("--output", "output", "FOLDER").required());
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    return run(settings);
  }
}
