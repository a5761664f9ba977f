package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "convert")
final class ConvertCommand extends JobCommand {
  @Mixin private RunArgument.Only run = new RunArgument.Only();

  @Override
  public Integer call() throws Exception {
    String from = run.get("the output folder of the earlier run");
    refuse(
        !isGiven("--pack-length"),
        "without --pack-length",
        "--pack-strategy",
        "--pack-remainder",
        "--begin-token");
    refuse(!isGiven("--shuffle-seed"), "without --shuffle-seed", "--shuffle-of");
    List<String> settings = settings();
    settings.add(JobReader.setting("shards.from", from));
    if (!isGiven("--output")) {
      settings.add(JobReader.setting("output", defaultOutput(from)));
    }
    return run(settings);
  }

  private String defaultOutput(String from) {
    String root = from.replaceFirst("(?s)(?<=.)/+\\z", "");
    return root + "-" + String.join("-", spec.findOption("--to").<List<String>>getValue());
  }
}
