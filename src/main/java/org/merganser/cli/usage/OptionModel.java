package org.merganser.cli.usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.job.Job;
import org.merganser.job.ShardsSection;
import org.merganser.job.Spelling;
import org.merganser.job.TrainSection;
import org.merganser.layout.BinHeader;
import org.merganser.shard.PackSettings;
import org.merganser.tokenizer.SpecialText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What the options of all commands share: placeholders, allowed values, and removed spellings. */
public final class OptionModel {
  /** Placeholders that are not the last word of the option. */
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "--output", "FOLDER",
          "--group-by", "FIELD",
          "--end-of-document", "TOKEN",
          "--special-text", "MODE",
          "--non-finite", "MODE",
          "--to", "LAYOUT",
          "--outputs", "KIND",
          "--shuffle-of", "KIND",
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

  /** Commands with an option of an earlier build, and the option in its place. */
  private static final Map<String, String> REMOVED =
      Map.of(
          "encode --run", "--tokenizer",
          "encode --formats", "--to",
          "count --run", "--tokenizer",
          "tokenize --run", "--tokenizer",
          "decode --run", "--tokenizer",
          "embeddings init --run", "--tokenizer",
          "embed --shards", "--run",
          "trim --shards", "--run",
          "trim --embeddings", "--table",
          "trim --out", "--output");

  private OptionModel() {}

  /** Completes the options of a command and of its subcommands. */
  public static void complete(CommandSpec command) {
    for (OptionSpec option : List.copyOf(command.options())) {
      OptionSpec.Builder builder = OptionSpec.builder(option);
      List<String> values = values(option);
      if (values != null) {
        builder.completionCandidates(values);
      }
      if (option.paramLabel().startsWith("<")) {
        builder.paramLabel(placeholder(option));
      }
      command.remove(option);
      command.addOption(builder.build());
    }
    REMOVED.forEach(
        (old, instead) -> {
          if (old.startsWith(command.qualifiedName().replaceFirst("\\S+ ?", "") + " --")) {
            command.addOption(removed(command, old.substring(old.indexOf("--")), instead));
          }
        });
    command.subcommands().values().forEach(sub -> complete(sub.getCommandSpec()));
  }

  private static @Nullable List<String> values(OptionSpec option) {
    Class<? extends Enum<?>> type = VALUES.get(option.longestName());
    if (type != null) {
      return Arrays.stream(type.getEnumConstants()).map(Spelling::ofConstant).toList();
    }
    List<String> values = new ArrayList<>();
    if (option.completionCandidates() == null) {
      return null;
    }
    option.completionCandidates().forEach(values::add); // the constants of an enum as Java has them
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

  /** A hidden option that says what has its place. */
  private static OptionSpec removed(CommandSpec command, String name, String instead) {
    return OptionSpec.builder(name)
        .hidden(true)
        .type(String.class)
        .setter(
            new ISetter() {
              @Override
              public <T> @Nullable T set(@Nullable T value) {
                if (value != null) { // picocli sets null before it reads
                  throw new ParameterException(
                      command.commandLine(),
                      "%s was removed; instead: %s %s".formatted(name, instead, value));
                }
                return value;
              }
            })
        .build();
  }
}
