package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.cli.job.RunArgument;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "embed")
final class EmbedCommand extends JobCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(arity = "0..1", paramLabel = "OUT", description = "Output folder of the earlier run.")
  private @Nullable String argument;

  @Override
  protected List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.of("--table", "embeddings.table", "TABLE")
            .convertedBy(new FileArgument.Table())
            .required(),
        KeyOption.of("--outputs", "embeddings.output", "KIND"),
        KeyOption.of("--output", "output", "FOLDER").required());
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Further keys of the job, such as embeddings.dtype=f16.")
  private List<String> further = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    String earlier = run.or(argument, "the output folder of the earlier run", spec);
    List<String> all = settings();
    all.add(JobReader.text("shards.from", earlier));
    all.addAll(further);
    return run(all);
  }
}
