package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The sizes and the contents of the pages that {@code --help} prints. */
final class HelpPageTest {
  /** Every command by what is typed for it. */
  private static Map<String, CommandLine> commands() {
    Map<String, CommandLine> commands = new TreeMap<>();
    gather("", Main.commandLine(), commands);
    return commands;
  }

  private static void gather(String typed, CommandLine line, Map<String, CommandLine> commands) {
    commands.put(typed, line);
    line.getSubcommands().forEach((name, inner) -> gather(typed + name + " ", inner, commands));
  }

  private static List<String> help(String typed) {
    return CommandLineRun.line(typed).succeeded().out().lines().toList();
  }

  @Test
  void thePageOfAllCommandsFitsAScreen() {
    List<String> page = help("--help");
    assertThat(page).hasSizeLessThan(24).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(page.subList(2, page.size() - 1))
        .allSatisfy(line -> assertThat(line).matches("[A-Z ].{11} [a-z]+ +[A-Z].*[.]"));
    assertThat(String.join("\n", page))
        .contains("First steps  init ", "\nLook         inspect ")
        .doesNotContain("Exit codes");
  }

  @Test
  void theWholePageHasEveryCommandAndTheExitCodes() {
    String page = String.join("\n", help("--help --all"));
    assertThat(page).contains("    3   finished, with more dead letters than the job allows");
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      assertThat(page).contains(" " + name + "  ");
    }
  }

  @Test
  void thePageOfACommandFitsFortyLinesAndTheWholeOneHasEveryOption() {
    commands()
        .forEach(
            (typed, line) -> {
              assertThat(help(typed + "--help")).as(typed).hasSizeLessThan(41);
              String whole = String.join("\n", help(typed + "--help --all"));
              line.getCommandSpec().options().stream()
                  .filter(option -> !option.hidden())
                  .forEach(option -> assertThat(whole).as(typed).contains(option.longestName()));
            });
    assertThat(help("run --help").toString()).contains("--set").doesNotContain("--events");
    assertThat(help("run --help --all").toString()).contains("--set", "--events");
    assertThat(help("run -h --all")).isEqualTo(help("run --help --all"));
    assertThat(help("help run --all")).isEqualTo(help("run --help --all"));
  }
}
