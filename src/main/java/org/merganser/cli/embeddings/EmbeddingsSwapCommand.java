package org.merganser.cli.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merganser.cli.job.JobRunner;
import org.merganser.cli.job.RunFlags;
import org.merganser.dataset.Manifest;
import org.merganser.job.JobReader;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code embeddings swap}: the same ids joined with another table. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    description = {
      "Joins the ids of an earlier run with another table, as that run joined them: the same",
      "outputs, pooling and types. Reads shards and the table, no text."
    },
    footer = {
      "",
      "Example: merganser embeddings swap target/sample --table other.parquet \\",
      "           --output target/sample-other"
    })
final class EmbeddingsSwapCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "Output folder of the earlier run.")
  private String earlier = "";

  @Option(names = "--table", required = true, description = "The other table, as Parquet.")
  private String table = "";

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Mixin private RunFlags flags = new RunFlags();

  /** Everything that is not ours is Beam's, which refuses what it doesn't know either. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  EmbeddingsSwapCommand() {}

  @Override
  public Integer call() throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                JobReader.text("shards.from", earlier),
                JobReader.text("embeddings.table", table),
                JobReader.text("output", output)));
    String manifest = earlier + "/" + Manifest.FILE;
    if (FileStore.of(manifest).exists(manifest)) { // without one the run below says what is wrong
      JsonNode join =
          Manifest.read(FileStore.of(manifest).readAll(manifest), manifest)
              .job()
              .path("embeddings");
      join.properties()
          .forEach(
              key -> {
                if (!key.getKey().equals("table") && !key.getValue().isNull()) {
                  settings.add("embeddings." + key.getKey() + "=" + key.getValue());
                }
              });
    }
    return JobRunner.run(
        JobReader.of(settings, "merganser embeddings swap"), flags, beamFlags, spec);
  }
}
