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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.Duck;

/** Runs every command and query of docs/tutorial.md and compares what they give with the page. */
@Tag("run")
final class TutorialTest {
  private static final String OUTPUT = "target/tutorial";
  private static final String PUBLISHED = "target/qwen";

  /** A page that opens at once and can be sent by mail. */
  private static final long MOST_PAGE_BYTES = 1_500_000;

  private static final Pattern BLOCK =
      Pattern.compile("```(console|sql)\n(.*?)```\n(?:```text\n(.*?)```\n)?", Pattern.DOTALL);

  @TempDir static Path folder;

  @Test
  void printsWhatThePageShows() throws IOException, SQLException {
    assertThat(check(false)).isEqualTo(26);
    assertThat(Files.size(folder.resolve("tutorial/report.html"))).isLessThan(MOST_PAGE_BYTES);
  }

  /** The steps that a reader without this file leaves out. */
  @Test
  void aPublishedVocabularyIsAsThePageShows() throws IOException, SQLException {
    Path file = SharedData.dir().resolve("tokenizers/qwen2_5_derived/tokenizer.json");
    Files.createDirectories(folder.resolve("qwen"));
    Files.copy(file, folder.resolve("qwen/tokenizer.json"));
    assertThat(check(true)).isEqualTo(2);
  }

  /** Checks the steps with or without the published vocabulary; returns how many. */
  private static int check(boolean published) throws IOException, SQLException {
    String page = Files.readString(Path.of("docs/tutorial.md"));
    int checked = 0;
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      if (block.group().contains(PUBLISHED) != published) {
        continue;
      }
      if (block.group(1).equals("sql")) {
        String query = placed(block.group(2));
        assertThat(Duck.query(query)).as(query).isEqualTo(block.group(3).lines().toList());
        checked++;
      } else {
        for (String one : block.group(2).split("(?m)^\\$ ")) {
          if (!one.isEmpty()) {
            List<String> lines = one.lines().toList();
            compare(lines.get(0), lines.subList(1, lines.size()), run(lines.get(0)));
            checked++;
          }
        }
      }
    }
    return checked;
  }

  /** What the page writes below target is in the folder of the test. */
  private static String placed(String text) {
    return text.replace(OUTPUT, out()).replace(PUBLISHED, folder.resolve("qwen").toString());
  }

  private static String out() {
    return folder.resolve("tutorial").toString();
  }

  private static List<String> run(String command) throws IOException {
    String program = "./merganser ";
    if (!command.startsWith(program)) {
      Process shell = new ProcessBuilder("bash", "-c", placed(command)).start();
      return new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
    }
    List<String> args =
        CommandLineRun.typed(command.substring(program.length()), TutorialTest::placed);
    if (args.get(0).equals("run") && !command.contains("output=")) {
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
