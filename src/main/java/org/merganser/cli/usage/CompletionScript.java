package org.merganser.cli.usage;

import java.util.Set;
import java.util.TreeSet;
import org.merganser.checksum.WholeFile;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion script for bash and zsh. picocli completes only the first value of a list with
 * commas; the resource {@code completion.bash} completes the values after a comma as well.
 */
final class CompletionScript {
  private CompletionScript() {}

  /** The script for all commands of the program. */
  static String of(CommandLine line) {
    Set<String> lists = new TreeSet<>();
    addLists(line.getCommandSpec(), lists);
    return AutoComplete.bash("merganser", line)
        + WholeFile.resource(CompletionScript.class, "completion.bash")
            .replace("@LISTS@", String.join("|", lists));
  }

  /** Adds the options whose value is a list with commas. */
  private static void addLists(CommandSpec command, Set<String> lists) {
    for (OptionSpec option : command.options()) {
      if (option.splitRegex().equals(",")) {
        lists.add(option.longestName());
      }
    }
    command.subcommands().values().forEach(sub -> addLists(sub.getCommandSpec(), lists));
  }
}
