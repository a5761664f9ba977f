package org.merganser.cli.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.cli.job.JobCommand;
import org.merganser.job.Job;
import org.merganser.job.ShardsSection;
import org.merganser.job.Spelling;
import org.merganser.job.TrainSection;
import org.merganser.layout.BinHeader;
import org.merganser.shard.PackSettings;
import org.merganser.tokenizer.SpecialText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the options of all commands share: placeholders and allowed values. */
public final class OptionModel {
  /** Placeholders that are not the last word of the option. */
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "--output", "FOLDER",
          "--group-by", "FIELD",
          "--special-text", "MODE",
          "--non-finite", "MODE",
          "--to", "LAYOUT",
          "--outputs", "KIND",
          "--dtype", "TYPE",
          "--doc", "ID");

  /** The constants that options of text allow, in the spelling of a job. */
  private static final Map<String, Class<? extends Enum<?>>> VALUES =
      Map.of(
          "--normalizer", TrainSection.Normalizer.class,
          "--feed", TrainSection.Feed.class,
          "--initial-alphabet", TrainerSettings.Alphabet.class,
          "--special-text", SpecialText.class,
          "--outputs", Job.EmbeddedOutput.class,
          "--bin-header", BinHeader.class,
          "--pack-strategy", PackSettings.Strategy.class,
          "--pack-remainder", PackSettings.Remainder.class,
          "--shuffle-of", ShardsSection.ShuffleOf.class);

  private OptionModel() {}

  /** Completes the options of a command and of its subcommands. */
  public static void complete(CommandSpec command) {
    if (command.userObject() instanceof JobCommand job) {
      job.addOptions(command);
    }
    for (OptionSpec option : List.copyOf(command.options())) {
      OptionSpec.Builder builder = OptionSpec.builder(option);
      List<String> values = values(option);
      if (!values.isEmpty()) {
        builder.completionCandidates(values);
      }
      if (option.paramLabel().startsWith("<")) {
        builder.paramLabel(placeholder(option));
      }
      command.remove(option);
      command.addOption(builder.build());
    }
    command.subcommands().values().forEach(sub -> complete(sub.getCommandSpec()));
  }

  private static List<String> values(OptionSpec option) {
    Class<? extends Enum<?>> type = VALUES.get(option.longestName());
    if (type != null) {
      return Arrays.stream(type.getEnumConstants()).map(Spelling::ofConstant).toList();
    }
    List<String> values = UsageErrors.allowed(option); // the constants of an enum as Java has them
    values.replaceAll(v -> v.equals(v.toUpperCase(Locale.ROOT)) ? v.toLowerCase(Locale.ROOT) : v);
    return values;
  }

  private static String placeholder(OptionSpec option) {
    Class<?> type = option.auxiliaryTypes()[0];
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "N";
    }
    String name = option.longestName();
    return PLACEHOLDERS.getOrDefault(
        name, name.substring(name.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT));
  }
}
