package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The names, placeholders, values and completion of the options of all commands. */
@Tag("run")
final class OptionModelTest {
  @TempDir Path folder;

  /** All commands by their words after {@code merganser}; the command itself is the empty word. */
  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> all = new TreeMap<>();
    collect("", Main.commandLine(), all);
    return all;
  }

  private static void collect(String words, CommandLine command, Map<String, CommandSpec> all) {
    all.put(words, command.getCommandSpec());
    command
        .getSubcommands()
        .forEach((name, child) -> collect((words + " " + name).strip(), child, all));
  }

  private static List<OptionSpec> shown(CommandSpec command) {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  @Test
  void everyOptionHasOneNameAndAPlaceholderInCapitals() {
    commands()
        .forEach(
            (words, command) -> {
              for (OptionSpec option : shown(command)) {
                String where = words + " " + option.longestName();
                List<String> names =
                    Arrays.stream(option.names()).filter(name -> name.startsWith("--")).toList();
                assertThat(names).as(where).hasSize(1);
                assertThat(option.longestName()).isNotIn("--out", "--shards", "--embeddings");
                if (option.arity().max() > 0) {
                  assertThat(option.paramLabel())
                      .as(where)
                      .matches("[A-Z0-9]+(=[A-Z]+)?|JOB\\.yaml");
                  assertThat(option.paramLabel().equals("OUT"))
                      .as(where)
                      .isEqualTo(option.longestName().equals("--run"));
                }
              }
            });
  }

  @Test
  void everyDefaultIsInLowerCaseAndWithoutBrackets() {
    commands()
        .forEach(
            (words, command) -> {
              for (ArgSpec argument : command.args()) {
                String text = String.join(" ", argument.description());
                assertThat(text)
                    .as(words + " " + argument.paramLabel())
                    .doesNotContainPattern(
                        "\\((\\[.*|[A-Z0-9]{3,}|\\$\\{DEFAULT.*)\\)\\.$|null\\)");
              }
            });
  }

  /** The others print documents, a page, a file, or JSON anyway. */
  @Test
  void everyCommandThatPrintsFiguresHasJson() {
    assertThat(
            commands().entrySet().stream()
                .filter(command -> command.getValue().findOption("--json") == null)
                .map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "",
            "cat",
            "decode",
            "embeddings",
            "embeddings export",
            "generate-completion",
            "init",
            "report",
            "schema");
  }

  /** What is offered is read: nothing says that the value is wrong. */
  @Test
  void everyValueThatIsOfferedIsAccepted() {
    int tried = 0;
    for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
      for (OptionSpec option : shown(command.getValue())) {
        for (String value : values(option)) {
          List<String> line = new ArrayList<>(List.of(command.getKey().split(" ")));
          line.addAll(List.of(option.longestName(), value));
          try {
            Main.commandLine()
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(line.toArray(String[]::new));
          } catch (ParameterException e) {
            assertThat(e.getMessage()).as("" + line).contains("issing required");
          }
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(80);
  }

  private static List<String> values(OptionSpec option) {
    Iterable<String> candidates = option.completionCandidates();
    return candidates == null || option.arity().max() == 0
        ? List.of()
        : StreamSupport.stream(candidates.spliterator(), false).toList();
  }

  /** The shell is asked for the options of every command, and for the values of every option. */
  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void theShellOffersExactlyTheOptionsAndTheirValues(String shell) throws Exception {
    assumeThat(isInstalled(shell)).as(shell + " is installed").isTrue();
    List<String> expected = new ArrayList<>();
    StringBuilder asked = new StringBuilder("asked() {\n");
    asked.append("[ -z \"$ZSH_VERSION\" ] || emulate -L ksh\n");
    for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
      ask(asked, command.getKey(), "--");
      expected.add(
          command.getKey()
              + " --: "
              + shown(command.getValue()).stream()
                  .flatMap(option -> Arrays.stream(option.names()))
                  .filter(name -> name.startsWith("--"))
                  .sorted()
                  .collect(Collectors.joining(" ")));
      for (OptionSpec option : shown(command.getValue())) {
        if (!values(option).isEmpty()) {
          ask(asked, command.getKey(), option.longestName() + " ''");
          String values = values(option).stream().sorted().collect(Collectors.joining(" "));
          expected.add(command.getKey() + " " + option.longestName() + " '': " + values);
          if (option.splitRegex().equals(",")) { // then what follows the last comma is completed
            String before = " " + values(option).get(0) + "," + values(option).get(1) + ",";
            ask(asked, command.getKey(), option.longestName() + before);
            String lists = before.strip() + values.replace(" ", before);
            expected.add(command.getKey() + " " + option.longestName() + before + ": " + lists);
          }
        }
      }
    }
    String script = CommandLineRun.of("generate-completion").succeeded().out();
    Files.writeString(folder.resolve("completion"), script);
    Files.writeString(
        folder.resolve("ask"),
        "source ./completion\n[ -n \"$ZSH_VERSION\" ] || eval 'compopt() { :; }'\n"
            + asked
            + "}\nasked | sed 's/ *$//'\n");
    ProcessBuilder builder = new ProcessBuilder(shell, "./ask").directory(folder.toFile());
    builder.environment().put("HOME", folder.toString());
    assertThat(ChildProcess.output(builder).lines().toList()).isEqualTo(expected);
  }

  private static void ask(StringBuilder script, String words, String last) {
    script
        .append("COMP_WORDS=(merganser %s %s)\n".formatted(words, last))
        .append("COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _complete_merganser_lists\n")
        .append("printf '%s: ' \"" + words + " " + last + "\"\n")
        .append("printf '%s\\n' \"${COMPREPLY[@]}\" | grep -v '^-[a-zA-Z]$' | LC_ALL=C sort")
        .append(" | tr '\\n' ' '; echo\n");
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    return ChildProcess.start(new ProcessBuilder("sh", "-c", "command -v " + program)).waitFor()
        == 0;
  }
}
