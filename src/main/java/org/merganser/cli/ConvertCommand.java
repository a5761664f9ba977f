package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.cli.job.OutputArgument;
import org.merganser.job.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code convert}: a job whose {@code shards.from} is one earlier run. */
@Command(
    name = "convert",
    description =
        "Write shards in other layouts, packed or shuffled. The shards are those of an earlier "
            + "run; the text is not read.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} convert target/sample --to megatron,npy --output target/sample-megatron
                 ${ROOT-COMMAND-NAME} convert --run target/sample --to npy --pack-length 2048 --shuffle-seed 1
        """)
final class ConvertCommand extends JobCommand {
  @Mixin private OutputArgument.Only run = new OutputArgument.Only();

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.required("--to LAYOUT", "shards.formats"),
        KeyOption.of("--output FOLDER", "output")
            .withDescription("Write this folder (OUT-LAYOUT, such as sample-megatron)."),
        KeyOption.of("--max-tokens N", "shards.maxTokens"),
        KeyOption.of("--max-bytes N", "shards.maxBytes"),
        KeyOption.of("--pack-length N", "shards.pack.length"),
        KeyOption.of("--pack-strategy STRATEGY", "shards.pack.strategy"),
        KeyOption.of("--shuffle-seed N", "shards.shuffle.seed")
            .withDescription("Shuffle sequences, or documents, by this seed."),
        KeyOption.onlyInFullHelp("--bin-header HEADER", "shards.bin.header"),
        KeyOption.onlyInFullHelp("--pack-remainder REMAINDER", "shards.pack.remainder"),
        KeyOption.onlyInFullHelp("--begin-token TOKEN", "shards.beginOfDocument")
            .withDescription(
                "Expect this token before each document; only encoding puts it there."),
        KeyOption.onlyInFullHelp("--shuffle-of KIND", "shards.shuffle.of"));
  }

  @Override
  public Integer call() throws Exception {
    String from = run.get("the output folder of the earlier run");
    refuseIf(
        !isGiven("--pack-length"), "without --pack-length", "--pack-strategy", "--pack-remainder");
    refuseIf(!isGiven("--shuffle-seed"), "without --shuffle-seed", "--shuffle-of");
    List<String> settings = givenSettings();
    settings.add(Setting.of("shards.from", from));
    if (!isGiven("--output")) {
      settings.add(Setting.of("output", defaultOutput(from)));
    }
    return run(settings);
  }

  /** The folder beside the earlier run, with the layouts after the name of the run. */
  private String defaultOutput(String from) {
    String root = from.replaceFirst("(?s)(?<=.)/+\\z", ""); // without slashes at its end
    return root + "-" + String.join("-", spec.findOption("--to").<List<String>>getValue());
  }
}
