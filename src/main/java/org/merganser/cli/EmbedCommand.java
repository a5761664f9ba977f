package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "embed")
final class EmbedCommand extends JobCommand {
  @Mixin private RunArgument.Only run = new RunArgument.Only();

  @Option(names = "--set")
  private List<String> further = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    String earlier = run.get("the output folder of the earlier run");
    List<String> all = settings();
    all.add(JobReader.setting("shards.from", earlier));
    all.addAll(further);
    return run(all);
  }
}
