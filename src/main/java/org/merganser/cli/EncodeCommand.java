package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.JobCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "encode")
final class EncodeCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  public Integer call() throws Exception {
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    return run(settings);
  }
}
