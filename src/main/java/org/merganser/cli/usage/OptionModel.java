package org.merganser.cli.usage;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.cli.job.KeyTexts;
import org.merganser.cli.job.OnlyInFullHelp;
import org.merganser.job.JobKeys;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Adds what annotations of picocli cannot say: the options that set a key of a job, the allowed
 * values of others, and the exit codes.
 */
public final class OptionModel {
  private OptionModel() {}

  /** Completes a command and those below it. */
  public static void complete(CommandLine line) {
    line.setResourceBundle(new KeyTexts());
    completeOptions(line);
  }

  /** Completes a command and those below it, except for the texts of keys. */
  private static void completeOptions(CommandLine line) {
    CommandSpec command = line.getCommandSpec();
    if (!(command.userObject() instanceof AutoComplete.GenerateCompletion)) {
      command
          .usageMessage()
          .exitCodeListHeading("%nExit codes:%n")
          .exitCodeList(ExitCode.helpLines());
    }
    if (command.userObject() instanceof JobCommand job) {
      for (KeyOption option : job.keyOptions()) {
        command.addOption(option.spec(job.allowedValues(JobKeys.at(option.path()))));
      }
    }
    addAllowedValues(command);
    line.getSubcommands().values().forEach(OptionModel::completeOptions);
  }

  /** Replaces each option by one with its allowed values; replacing all keeps their order. */
  private static void addAllowedValues(CommandSpec command) {
    for (OptionSpec option : List.copyOf(command.options())) {
      OptionSpec.Builder builder = OptionSpec.builder(option);
      List<String> values = values(option);
      if (!values.isEmpty()) {
        builder.completionCandidates(values);
      }
      command.remove(option);
      command.addOption(builder.build());
    }
  }

  /** Whether the short help leaves an option out, as it does with {@code --help} itself. */
  static boolean isOnlyInFullHelp(OptionSpec option) {
    if (option.userObject() instanceof KeyOption key) {
      return key.onlyInFullHelp();
    }
    return option.usageHelp()
        || option.versionHelp()
        || (option.userObject() instanceof Field field
            && field.isAnnotationPresent(OnlyInFullHelp.class));
  }

  /**
   * The allowed values; empty for any. Constants of an enum whose text is that of Java, in upper
   * case, are written in lower case.
   */
  private static List<String> values(OptionSpec option) {
    List<String> values = UsageErrors.allowed(option);
    values.replaceAll(
        value -> {
          boolean isOfJava = value.equals(value.toUpperCase(Locale.ROOT));
          return isOfJava ? value.toLowerCase(Locale.ROOT) : value;
        });
    return values;
  }
}
