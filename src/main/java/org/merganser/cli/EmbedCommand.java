package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.cli.job.OutputArgument;
import org.merganser.job.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code embed}: a job that joins the shards of an earlier run with a table. */
@Command(
    name = "embed",
    description = "Join the shards of a run with an embedding table. The text is not read.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} embed target/tutorial --table sample-data/embeddings.parquet \\
                   --outputs rows,pooled --output target/other-embedding
        """)
final class EmbedCommand extends JobCommand {
  @Mixin private OutputArgument.Only run = new OutputArgument.Only();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a further key of the job, such as embeddings.dtype=f16. May be repeated.")
  private List<String> furtherSettings = new ArrayList<>();

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.required("--table TABLE", "embeddings.table"),
        KeyOption.of("--outputs KIND", "embeddings.output"),
        KeyOption.required("--output FOLDER", "output"));
  }

  @Override
  public Integer call() throws Exception {
    String earlier = run.get("the output folder of the earlier run");
    List<String> settings = givenSettings();
    settings.add(Setting.of("shards.from", earlier));
    settings.addAll(furtherSettings);
    return run(settings);
  }
}
