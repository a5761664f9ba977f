package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.job.Key;
import org.merganser.job.Setting;
import org.merganser.layout.ShardFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code merge}: a job whose {@code shards.from} are several earlier runs. */
@Command(
    name = "merge",
    description =
        "Merge the shards of runs into a few large files. All runs must have the same "
            + "tokenizer. Parquet is not a layout of merged files. The text is not read.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} merge target/sample --to megatron --output target/megatron
                 ${ROOT-COMMAND-NAME} merge target/sample --to bin,npy --max-tokens 1000000000 --output target/few
        """)
final class MergeCommand extends JobCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "OUT",
      description = "Output folders of the earlier runs, in the order in which they are merged.")
  private List<String> runs = new ArrayList<>();

  @Override
  public List<String> allowedValues(Key key) {
    return key.path().equals("shards.formats")
        ? ShardFormat.converted().stream().map(ShardFormat::spelled).toList()
        : super.allowedValues(key);
  }

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.required("--to LAYOUT", "shards.formats"),
        KeyOption.required("--output FOLDER", "output"),
        KeyOption.of("--max-tokens N", "shards.mergedTokens")
            .withDescription(
                "Write at most this many ids into a file (no limit; dolma has 536870912 at "
                    + "most, litdata 16777216)."),
        KeyOption.onlyInFullHelp("--bin-header HEADER", "shards.bin.header"));
  }

  @Override
  public Integer call() throws Exception {
    List<String> settings = givenSettings();
    settings.add(Setting.of("shards.from", runs));
    if (!isGiven("--max-tokens")) {
      long noLimit = Long.MAX_VALUE;
      settings.add("shards.mergedTokens=" + noLimit);
    }
    return run(settings);
  }
}
