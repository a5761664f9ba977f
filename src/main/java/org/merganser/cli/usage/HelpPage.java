package org.merganser.cli.usage;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The pages of {@code --help}, which fit a screen, and those of {@code --help --all}. */
public final class HelpPage {
  /**
   * Commands with one purpose, as the list of commands shows them.
   *
   * @param title the purpose
   * @param commands classes with the annotation of a command
   */
  public record Group(String title, List<Class<?>> commands) {
    /** A group of these commands. */
    public static Group of(String title, Class<?>... commands) {
      return new Group(title, List.of(commands));
    }
  }

  private HelpPage() {}

  /**
   * Sets the pages of a command and of those below it.
   *
   * @param groups all commands; the short list of commands lacks the last group
   * @param all whether the pages are those of {@code --help --all}
   */
  public static void install(CommandLine line, List<Group> groups, boolean all) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.abbreviateSynopsis(true).description(String.join(" ", usage.description()));
    usage.sectionMap().put(SECTION_KEY_FOOTER, help -> footer(help, all));
    if (line.getParent() == null) {
      List<Group> listed = all ? groups : groups.subList(0, groups.size() - 1);
      usage.sectionMap().put(SECTION_KEY_COMMAND_LIST, help -> commandList(help, listed));
    }
    if (!all) {
      usage.sectionMap().put(SECTION_KEY_OPTION_LIST, HelpPage::shortOptionList);
      usage.sectionKeys(
          usage.sectionKeys().stream().filter(key -> !key.startsWith("exitCode")).toList());
    }
    line.getSubcommands().values().forEach(command -> install(command, groups, all));
  }

  /** The options of the short page. */
  private static String shortOptionList(Help help) {
    return help.optionListExcludingGroups(
        help.commandSpec().options().stream()
            .filter(option -> !option.hidden() && !OptionModel.isOnlyInFullHelp(option))
            .toList());
  }

  /** A line for each command, with the title of its group before the first of the group. */
  private static String commandList(Help help, List<Group> groups) {
    StringBuilder list = new StringBuilder();
    for (Group group : groups) {
      String title = group.title();
      for (Class<?> type : group.commands()) {
        String name = type.getAnnotation(Command.class).name();
        CommandLine command = help.commandSpec().subcommands().get(name);
        if (command != null) {
          list.append("%-11s  %-10s  %s%n".formatted(title, name, firstSentence(command)));
          title = "";
        }
      }
    }
    return list.toString();
  }

  /** The first sentence of the description of a command. */
  private static String firstSentence(CommandLine command) {
    String description = command.getCommandSpec().usageMessage().description()[0];
    return description.replaceFirst("(?s)[.]( |%n).*", ".");
  }

  /**
   * The examples, whose lines are not wrapped, so that they can be copied, and on a short page the
   * command for the full one. Examples write below {@code target}; the launcher of a release names
   * another folder.
   */
  private static String footer(Help help, boolean all) {
    String command = help.commandSpec().qualifiedName();
    String outputs = Objects.requireNonNullElse(System.getenv("MERGANSER_EXAMPLES"), "target");
    List<String> lines = new ArrayList<>(List.of(""));
    for (String text : help.commandSpec().usageMessage().footer()) {
      text.lines().map(line -> line.replace("target/", outputs + "/")).forEach(lines::add);
    }
    if (!all) {
      boolean isProgram = help.commandSpec().parent() == null;
      if (isProgram) {
        lines.clear(); // its short page shows the commands alone
      }
      String more = command + " --help --all prints more.";
      lines.add(help.subcommands().isEmpty() ? more : command + " COMMAND --help, " + more);
    }
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }
}
