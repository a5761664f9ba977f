package org.merganser.cli.usage;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.job.Key;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Adds to the options of all commands their texts and allowed values. */
public final class OptionModel {
  private OptionModel() {}

  public static void complete(CommandSpec command) {
    HelpText texts = HelpText.of(command.userObject().getClass());
    if (texts.about().length > 0) {
      command
          .usageMessage()
          .description(texts.about())
          .exitCodeListHeading("%nExit codes:%n")
          .exitCodeList(ExitCode.help())
          .footer(texts.more());
    }
    if (command.userObject() instanceof JobCommand job) {
      for (KeyOption option : texts.keyOptions()) {
        command.addOption(option.spec(job.allowed(Key.at(option.path()))));
      }
    }
    for (OptionSpec option : List.copyOf(command.options())) {
      OptionSpec.Builder builder = OptionSpec.builder(option);
      HelpText.Line line = texts.of(option, option.longestName());
      if (line != null) {
        builder.description(line.description()).paramLabel(line.placeholder());
      }
      KeyOption key = line == null ? null : line.key();
      List<String> values = key == null ? values(option) : Key.at(key.path()).values();
      if (!values.isEmpty()) {
        builder.completionCandidates(values);
      }
      command.remove(option);
      command.addOption(builder.build());
    }
    for (PositionalParamSpec argument : List.copyOf(command.positionalParameters())) {
      HelpText.Line line = texts.of(argument, "");
      if (line != null) {
        command.remove(argument);
        command.addPositional(
            PositionalParamSpec.builder(argument)
                .description(line.description())
                .paramLabel(line.placeholder())
                .build());
      }
    }
    command.subcommands().values().forEach(sub -> complete(sub.getCommandSpec()));
  }

  private static List<String> values(OptionSpec option) {
    List<String> values =
        UsageErrors.allowed(option); // the constants of an enum in Java's spelling
    values.replaceAll(v -> v.equals(v.toUpperCase(Locale.ROOT)) ? v.toLowerCase(Locale.ROOT) : v);
    return values;
  }

  /**
   * A completion script for bash and zsh. picocli completes only the first value of a
   * comma-separated list; here the values after a comma are completed as well.
   */
  static String completion(CommandLine line) {
    Set<String> lists = new TreeSet<>();
    addLists(line.getCommandSpec(), lists);
    return AutoComplete.bash("merganser", line)
        + WholeFile.resource(OptionModel.class, "completion.bash")
            .replace("@LISTS@", String.join("|", lists));
  }

  private static void addLists(CommandSpec command, Set<String> lists) {
    for (OptionSpec option : command.options()) {
      if (option.splitRegex().equals(",")) {
        lists.add(option.longestName());
      }
    }
    command.subcommands().values().forEach(sub -> addLists(sub.getCommandSpec(), lists));
  }
}
