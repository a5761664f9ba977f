package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merganser.cli.job.JobRunner;
import org.merganser.cli.job.RunFlags;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code embed}: joins the shards of an earlier run with a table. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = "Joins the shards of an earlier run with an embedding table; reads no text.",
    footer = {
      "",
      "Example: merganser embed --shards target/sample --table other.parquet \\",
      "           --outputs rows,pooled --output target/other-embedding"
    })
final class EmbedCommand implements Callable<Integer> {
  @Option(names = "--shards", required = true, description = "Output folder of the earlier run.")
  private String shards = "";

  @Option(names = "--table", required = true, description = "The table, as Parquet.")
  private String table = "";

  @Option(
      names = "--outputs",
      split = ",",
      description = "Some of rows, pooled and sequence, by commas (${DEFAULT-VALUE}).")
  private List<String> outputs = new ArrayList<>(List.of("rows", "pooled"));

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Further keys of the job, such as embeddings.pooling=sif.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Mixin private RunFlags flags = new RunFlags();

  /** Everything that is not ours is Beam's, which refuses what it doesn't know either. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  EmbedCommand() {}

  @Override
  public Integer call() throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                JobReader.text("shards.from", shards),
                JobReader.text("embeddings.table", table),
                JobReader.texts("embeddings.output", outputs),
                JobReader.text("output", output)));
    all.addAll(settings);
    return JobRunner.run(JobReader.of(all, "merganser embed"), flags, beamFlags, spec);
  }
}
