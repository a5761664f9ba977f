package org.merganser.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.Duck;

/** Runs every command and query of docs/tutorial.md and compares what they give with the page. */
final class TutorialTest {
  private static final String OUTPUT = "target/tutorial";
  private static final Pattern BLOCK =
      Pattern.compile("```(console|sql)\n(.*?)```\n(?:```text\n(.*?)```\n)?", Pattern.DOTALL);

  @TempDir static Path folder;

  @Test
  void printsWhatThePageShows() throws IOException, SQLException {
    String page = Files.readString(Path.of("docs/tutorial.md"));
    int commands = 0;
    int queries = 0;
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      if (block.group(1).equals("sql")) {
        String query = block.group(2).replace(OUTPUT, out());
        assertThat(Duck.query(query)).as(query).isEqualTo(block.group(3).lines().toList());
        queries++;
      } else {
        List<String> lines = block.group(2).lines().toList();
        String command = lines.get(0).substring("$ ".length());
        compare(command, lines.subList(1, lines.size()), run(command));
        commands++;
      }
    }
    assertThat(commands).isEqualTo(9);
    assertThat(queries).isEqualTo(8);
  }

  private static String out() {
    return folder.resolve("tutorial").toString();
  }

  private static List<String> run(String command) throws IOException {
    String program = "./merganser ";
    if (!command.startsWith(program)) {
      Process shell = new ProcessBuilder("bash", "-c", command.replace(OUTPUT, out())).start();
      return new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
    }
    List<String> args =
        CommandLineRun.typed(
            command.substring(program.length()), word -> word.replace(OUTPUT, out()));
    if (args.get(0).equals("run")) {
      args.addAll(List.of("--set", "output=" + out()));
    }
    String printed = CommandLineRun.of(args.toArray(String[]::new)).succeeded().out();
    return printed.replace(out(), OUTPUT).lines().toList();
  }

  /** Lines as on the page; a line {@code …} there stands for any number of lines. */
  private static void compare(String command, List<String> shown, List<String> printed) {
    StringBuilder pattern = new StringBuilder();
    for (String line : shown) {
      pattern.append(line.equals("…") ? "(?:.*\n)*?" : Pattern.quote(line) + "\n");
    }
    assertThat(String.join("\n", printed) + "\n").as(command).matches(pattern.toString());
  }
}
