package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import org.merganser.layout.ShardFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "merge")
final class MergeCommand extends JobCommand {
  @Parameters(arity = "1..*")
  private List<String> runs = new ArrayList<>();

  @Override
  public List<String> allowed(Key key) {
    return key.path().equals("shards.formats")
        ? ShardFormat.made().stream().map(ShardFormat::spelled).toList()
        : super.allowed(key);
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = settings();
    settings.add(JobReader.setting("shards.from", runs));
    if (!isGiven("--max-tokens")) {
      settings.add("shards.mergedTokens=" + Long.MAX_VALUE);
    }
    return run(settings);
  }
}
