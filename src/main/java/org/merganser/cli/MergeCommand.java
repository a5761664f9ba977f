package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.job.JobReader;
import org.merganser.layout.ShardFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "merge")
final class MergeCommand extends JobCommand {
  @Parameters(arity = "1..*")
  private List<String> runs = new ArrayList<>();

  @Override
  protected List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.of("--to", "shards.formats", "LAYOUT")
            .allows(ShardFormat.made().stream().map(ShardFormat::spelled).toList())
            .required(),
        KeyOption.of("--output", "output", "FOLDER").required(),
        KeyOption.of("--max-tokens", "shards.mergedTokens", "N")
            .says("The most ids of a file (no limit; litdata has 16777216 at most)."),
        KeyOption.of("--bin-header", "shards.bin.header", "HEADER").seldom());
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = settings();
    settings.add(JobReader.texts("shards.from", runs));
    if (!isGiven("--max-tokens")) {
      settings.add("shards.mergedTokens=" + Long.MAX_VALUE);
    }
    return run(settings);
  }
}
