package org.merganser.cli.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.dataset.Manifest;
import org.merganser.job.JobReader;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings swap}: the same ids joined with another table. */
@Command(
    name = "swap",
    description = {
      "Joins the ids of an earlier run with another table, as that run joined them: the same",
      "outputs, pooling and types. Reads shards and the table, no text."
    },
    footer = {
      "",
      "Example: merganser embeddings swap target/tutorial --table sample-data/embeddings.parquet \\",
      "           --output target/tutorial-swapped"
    })
final class EmbeddingsSwapCommand extends JobCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(arity = "0..1", paramLabel = "OUT", description = "Output folder of the earlier run.")
  private @Nullable String argument;

  @Option(
      names = "--table",
      required = true,
      converter = FileArgument.Table.class,
      description = "The other table, as Parquet, or a run that learned or joined one.")
  private String table = "";

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Override
  public Integer call() throws IOException {
    String earlier = run.or(argument, "the output folder of the earlier run", spec);
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
                if (!key.getKey().equals("table")
                    && !key.getKey().equals("learn") // the table takes its place
                    && !key.getValue().isNull()) {
                  settings.add("embeddings." + key.getKey() + "=" + key.getValue());
                }
              });
    }
    return run(settings);
  }
}
