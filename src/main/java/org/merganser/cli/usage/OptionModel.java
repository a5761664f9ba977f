package org.merganser.cli.usage;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OfKey;
import org.merganser.job.Key;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the options of all commands share: placeholders and allowed values. */
public final class OptionModel {
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "--output", "FOLDER",
          "--group-by", "FIELD",
          "--special-text", "MODE",
          "--non-finite", "MODE",
          "--dtype", "TYPE",
          "--doc", "ID");

  private OptionModel() {}

  public static void complete(CommandSpec command) {
    if (command.userObject() instanceof MerganserCommand texts) {
      HelpPage.describe(command, texts.getClass());
    }
    if (command.userObject() instanceof JobCommand job) {
      job.addOptions(command);
    }
    for (OptionSpec option : List.copyOf(command.options())) {
      OptionSpec.Builder builder = OptionSpec.builder(option);
      List<String> values = values(option);
      if (!values.isEmpty()) {
        builder.completionCandidates(values);
      }
      if (option.userObject() instanceof Field field && field.isAnnotationPresent(OfKey.class)) {
        builder.description(Key.at(field.getAnnotation(OfKey.class).value()).summary());
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
        + """
        function _complete_merganser_lists() {
          local before=
          case "${COMP_WORDS[COMP_CWORD-1]}" in
            %s) before=${COMP_WORDS[COMP_CWORD]}; before=${before%%"${before##*,}"};;
          esac
          COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]#"$before"}
          _complete_merganser "$@"
          [ -z "$before" ] || COMPREPLY=( "${COMPREPLY[@]/#/$before}" )
        }
        complete -F _complete_merganser_lists -o default merganser merganser.sh merganser.bash
        """
            .formatted(String.join("|", lists));
  }

  private static void addLists(CommandSpec command, Set<String> lists) {
    for (OptionSpec option : command.options()) {
      if (option.splitRegex().equals(",")) {
        lists.add(option.longestName());
      }
    }
    command.subcommands().values().forEach(sub -> addLists(sub.getCommandSpec(), lists));
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
