package org.merganser.cli.embeddings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.BeamFlags;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.learn.vector.VectorFigures;
import org.merganser.learn.vector.VectorSettings;
import org.merganser.pipeline.VectorRun;
import org.merganser.report.Plural;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code embeddings learn}: vectors of tokens by their company in the shards of a run. */
@Command(
    name = "learn",
    description =
        "Learns a table from the shards of a finished run: which ids stand near each other.",
    footer = {
      "",
      "Example: merganser embeddings learn target/sample --dim 64 --output target/learned.parquet"
    })
final class EmbeddingsLearnCommand extends MerganserCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "OUT",
      description = "The output folder of a finished run.")
  private @Nullable String argument;

  @Option(names = "--dim", description = "Floats a vector (${DEFAULT-VALUE}).")
  private int dim = 256;

  @Option(names = "--window", description = "How far apart two ids may stand (${DEFAULT-VALUE}).")
  private int window = 5;

  @Option(
      names = "--contexts",
      description = "The most frequent ids that count as company (${DEFAULT-VALUE}).")
  private int contexts = 4096;

  @Option(names = "--max-pairs", description = "Bound of the pairs used (${DEFAULT-VALUE}).")
  private long maxPairs = 20_000_000;

  @Option(names = "--shift", description = "word2vec's negative samples (${DEFAULT-VALUE}).")
  private int shift = 1;

  @Option(names = "--seed", description = "Of the random projection (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      description = "The Parquet file to write.")
  private String output = "";

  /** Everything that is not ours is Beam's, which refuses what it doesn't know either. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    check("--dim", dim, 2, 4096);
    check("--window", window, 1, 50);
    check("--contexts", contexts, 2, 1_000_000);
    check("--max-pairs", maxPairs, 1000, 200_000_000);
    check("--shift", shift, 1, 1000);
    VectorFigures figures =
        VectorRun.learn(
            run.or(argument, "the output folder of a finished run", spec),
            new VectorSettings(dim, window, contexts, maxPairs, shift, seed),
            output,
            BeamFlags.joined(beamFlags));
    out()
        .printf(
            "Wrote %s: %s of %s, from %s with %s%s; %s that never stood near one: zeros%n",
            output,
            Plural.of(figures.rows(), "row"),
            Plural.of(figures.dim(), "float"),
            Plural.of(figures.pairsUsed(), "pair"),
            Plural.of(figures.contexts(), "context"),
            figures.minWeight() > 1
                ? String.format(
                    Locale.ROOT,
                    " (of %,d: --max-pairs left out those that weigh less than %d)",
                    figures.pairs(),
                    figures.minWeight())
                : "",
            Plural.of(figures.idsWithoutVector(), "id"));
    return ExitCode.DONE;
  }

  private void check(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw wrongUsage(
          option + " is " + value + "; it must be at least " + least + " and at most " + most);
    }
  }
}
