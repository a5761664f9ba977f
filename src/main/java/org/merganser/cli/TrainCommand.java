package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.JobCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "train")
final class TrainCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  public Integer call() throws Exception {
    if (!corpus.isGiven()) {
      corpus.refuseAll("without --input");
    }
    refuse(!isGiven("--mix"), "without --mix", "--group-by");
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    settings.add("shards.formats=[]");
    return run(settings);
  }
}
