package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Runs every example that the help of any command shows, with a temporary folder for {@code
 * target/}.
 */
@Tag("long")
final class HelpExamplesTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("(?m)^(?:Examples?:)? +(merganser (?:.*\\\\\n)*.*)$");

  @TempDir Path folder;

  @Test
  void everyExampleOfEveryHelpSucceeds() throws IOException {
    List<String> left = new ArrayList<>(examples());
    assertThat(left).hasSizeGreaterThan(30);
    left.add(0, "merganser run pipelines/tutorial.yaml");
    int before = left.size() + 1;
    List<CommandLineRun> failed = new ArrayList<>();
    // One may need what a later one makes: those that fail are run again while others succeed.
    while (!left.isEmpty() && left.size() < before) {
      before = left.size();
      failed.clear();
      for (String example : List.copyOf(left)) {
        CommandLineRun run = run(example);
        if (run.exitCode() == 0) {
          left.remove(example);
        } else {
          failed.add(new CommandLineRun(run.exitCode(), example, run.err()));
        }
      }
    }
    assertThat(failed).isEmpty();
  }

  private static Set<String> examples() {
    Set<String> examples = new LinkedHashSet<>();
    gather("", Main.commandLine(), examples);
    return examples;
  }

  private static void gather(String command, CommandLine line, Set<String> examples) {
    Matcher example =
        EXAMPLE.matcher(CommandLineRun.line(command + "--help --all").succeeded().out());
    while (example.find()) {
      examples.add(example.group(1).replace("\\\n", " "));
    }
    line.getSubcommands().forEach((name, inner) -> gather(command + name + " ", inner, examples));
  }

  private CommandLineRun run(String example) throws IOException {
    List<String> args = CommandLineRun.typed(example, this::located);
    args.remove("merganser");
    byte[] input = new byte[0];
    int from = args.indexOf("<");
    if (from >= 0) {
      Path file = Path.of(args.get(from + 1));
      if (!Files.exists(file)) {
        return new CommandLineRun(1, "", file + " is not there yet");
      }
      input = Files.readAllBytes(file);
      args.subList(from, from + 2).clear();
    }
    Path output = null;
    int to = args.indexOf(">");
    if (to >= 0) {
      output = Path.of(args.get(to + 1));
      args.subList(to, to + 2).clear();
    }
    if (args.get(0).equals("run") && args.stream().noneMatch(arg -> arg.startsWith("output="))) {
      String name = args.get(1).replaceAll(".*/|\\.yaml", "");
      args.addAll(List.of("--set", "output=" + folder.resolve(name)));
    }
    CommandLineRun run = CommandLineRun.reading(input, args.toArray(String[]::new));
    assertThat(run.out()).as(example).doesNotContain(": 0 tokens removed");
    if (output != null && run.exitCode() == 0) {
      Files.write(output, run.out().getBytes(StandardCharsets.UTF_8));
    }
    return run;
  }

  /** In the temporary folder. */
  private String located(String word) {
    return word.replaceFirst("(^|=)target/", "$1" + folder + "/");
  }
}
