package org.merganser.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.job.JobReader;
import org.merganser.layout.ShardFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convert}: other layouts of the shards of an earlier run. */
@Command(
    name = "convert",
    description = {
      "Makes other layouts, packed sequences or a shuffle.",
      "Reads the shards of an earlier run, and no text."
    },
    footer = {
      "",
      "Example: ${ROOT-COMMAND-NAME} convert target/sample --to megatron,npy --output target/sample-megatron",
      "         ${ROOT-COMMAND-NAME} convert --run target/sample --to npy --pack-length 2048 --shuffle-seed 1"
    })
final class ConvertCommand extends JobCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(arity = "0..1", paramLabel = "OUT", description = "Output folder of the earlier run.")
  private @Nullable String argument;

  @Option(
      names = "--to",
      required = true,
      split = ",",
      completionCandidates = Layouts.class,
      description = "Some of ${COMPLETION-CANDIDATES}, by commas.")
  private List<String> to = new ArrayList<>();

  @Override
  protected String table() {
    return """
        --output output FOLDER The folder to write (OUT-LAYOUT, such as target/sample-megatron).
        --bin-header shards.bin.header HEADER Of bin: none (nanoGPT) or llmc (none).
        --max-tokens shards.maxTokens N The most ids of a file.
        --max-bytes shards.maxBytes N The most bytes of ids of a file.
        --pack-length shards.pack.length N Pack documents into sequences of this length.
        --pack-strategy shards.pack.strategy STRATEGY concat, bestFit or bestFitCrop (concat).
        --pack-remainder shards.pack.remainder REMAINDER Of sequences that stay short: keep, \
        drop or pad (keep).
        --begin-token shards.pack.beginOfDocument TOKEN Is put before each document (none).
        --shuffle-seed shards.shuffle.seed N Shuffle sequences, or documents, by this seed.
        --shuffle-of shards.shuffle.of KIND documents, before they are packed, or sequences \
        (sequences, if packed).
        """;
  }

  /** The allowed values of {@code --to}. */
  static final class Layouts implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(ShardFormat.values()).map(ShardFormat::spelled).iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    String from = run.or(argument, "the output folder of the earlier run", spec);
    refuse(
        !isGiven("--pack-length"),
        "without --pack-length",
        "--pack-strategy",
        "--pack-remainder",
        "--begin-token");
    refuse(!isGiven("--shuffle-seed"), "without --shuffle-seed", "--shuffle-of");
    List<String> settings = settings();
    settings.add(JobReader.text("shards.from", from));
    settings.add(JobReader.texts("shards.formats", to));
    if (!isGiven("--output")) {
      settings.add(JobReader.text("output", defaultOutput(from)));
    }
    return run(settings);
  }

  private String defaultOutput(String from) {
    String root = from;
    while (root.length() > 1 && root.endsWith("/")) {
      root = root.substring(0, root.length() - 1);
    }
    return root + "-" + String.join("-", to);
  }
}
