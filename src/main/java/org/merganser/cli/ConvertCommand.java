package org.merganser.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.CorpusOptions;
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

  @Option(
      names = "--output",
      description = "The folder to write (OUT-LAYOUT, such as target/sample-megatron).")
  private @Nullable String output;

  @Option(names = "--bin-header", description = "Of bin: none (nanoGPT) or llmc (none).")
  private String binHeader = "none";

  @Option(names = "--max-tokens", description = "The most ids of a file.")
  private @Nullable Long maxTokens;

  @Option(names = "--max-bytes", description = "The most bytes of ids of a file.")
  private @Nullable Long maxBytes;

  @Option(names = "--pack-length", description = "Pack documents into sequences of this length.")
  private @Nullable Integer packLength;

  @Option(names = "--pack-strategy", description = "concat, bestFit or bestFitCrop (concat).")
  private String packStrategy = "concat";

  @Option(
      names = "--pack-remainder",
      description = "Of sequences that stay short: keep, drop or pad (keep).")
  private String packRemainder = "keep";

  @Option(names = "--begin-token", description = "Is put before each document (none).")
  private @Nullable String beginToken;

  @Option(names = "--shuffle-seed", description = "Shuffle sequences, or documents, by this seed.")
  private @Nullable Long shuffleSeed;

  @Option(
      names = "--shuffle-of",
      description = "documents, before they are packed, or sequences (sequences, if packed).")
  private @Nullable String shuffleOf;

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
        packLength == null,
        "without --pack-length",
        "--pack-strategy",
        "--pack-remainder",
        "--begin-token");
    refuse(shuffleSeed == null, "without --shuffle-seed", "--shuffle-of");
    List<String> settings = new ArrayList<>();
    settings.add(JobReader.text("shards.from", from));
    settings.add(JobReader.texts("shards.formats", to));
    settings.add(JobReader.text("shards.bin.header", binHeader));
    CorpusOptions.add(settings, "shards.maxTokens", maxTokens);
    CorpusOptions.add(settings, "shards.maxBytes", maxBytes);
    if (packLength != null) {
      settings.add("shards.pack.length=" + packLength);
      settings.add(JobReader.text("shards.pack.strategy", packStrategy));
      settings.add(JobReader.text("shards.pack.remainder", packRemainder));
      CorpusOptions.add(settings, "shards.pack.beginOfDocument", beginToken);
    }
    if (shuffleSeed != null) {
      settings.add("shards.shuffle.seed=" + shuffleSeed);
      CorpusOptions.add(settings, "shards.shuffle.of", shuffleOf);
    }
    settings.add(JobReader.text("output", output == null ? defaultOutput(from) : output));
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
