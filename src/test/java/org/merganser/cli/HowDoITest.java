package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.MerganserRun;
import org.merganser.shard.NumPy;

/** Runs every block of docs/how-do-i.md in order, with the outputs in a temporary folder. */
@Tag("run")
final class HowDoITest {
  private static final Path PAGE = Path.of("docs/how-do-i.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|yaml|python)\n(.*?)^```$");
  private static final String PROGRAM = "./merganser ";

  @TempDir Path folder;

  /** A text of the page with the names of files and folders that the test has elsewhere. */
  private String placed(String text) {
    return text.replaceAll("(?<![\\w/.])target/", Matcher.quoteReplacement(folder + "/"))
        .replaceAll(
            "(?<![\\w/.])sample-data/",
            Matcher.quoteReplacement(Path.of("sample-data").toAbsolutePath() + "/"))
        .replaceAll(
            "(?<![\\w/.-])(\\w+|pipelines/again)[.]yaml",
            Matcher.quoteReplacement(folder + "/") + "$1.yaml");
  }

  /** Where a job that inspect prints has its relative paths. */
  private void makePlaceOfPrintedJob() throws IOException {
    Files.createDirectories(folder.resolve("pipelines"));
    Files.createSymbolicLink(
        folder.resolve("sample-data"), Path.of("sample-data").toAbsolutePath());
  }

  @Test
  @Tag("long")
  void everyBlockRuns() throws Exception {
    makePlaceOfPrintedJob();
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    int commands = 0;
    while (block.find()) {
      String text = block.group(2);
      switch (block.group(1)) {
        case "yaml" -> save(text);
        case "python" -> assertThat(NumPy.runIn(folder, placed(text))).isNotEmpty();
        default -> {
          for (String line : text.lines().toList()) {
            run(line);
            commands++;
          }
        }
      }
    }
    assertThat(commands).isGreaterThan(30);
  }

  @Test
  void theJobOfAnOutputMakesTheSameDataAgain() throws IOException {
    String first = folder.resolve("first").toString();
    CommandLineRun.of("run", "pipelines/sample.yaml", "--set", "output=" + first).succeeded();
    String printed = CommandLineRun.of("inspect", first, "--job").succeeded().out();
    assertThat(printed)
        .contains("vocabSize: 4096", "groupBy: \"lang\"", "begin at ")
        .doesNotContain("maxDocumentBytes", "minFrequency", "output:");
    makePlaceOfPrintedJob();
    Path job = folder.resolve("pipelines/again.yaml");
    Files.writeString(job, printed);
    String again = folder.resolve("again").toString();
    CommandLineRun.of("run", job.toString(), "--set", "output=" + again).succeeded();
    assertThat(MerganserRun.manifest(again).data()).isEqualTo(MerganserRun.manifest(first).data());
  }

  @Test
  void theTableLeadsToEachAnswer() throws IOException {
    String page = Files.readString(PAGE);
    List<String> anchors =
        Pattern.compile("(?m)^### (.*)$")
            .matcher(page)
            .results()
            .map(heading -> anchor(heading.group(1)))
            .toList();
    assertThat(Pattern.compile("\\]\\(#([^)]*)\\)").matcher(page).results().map(l -> l.group(1)))
        .containsExactlyInAnyOrderElementsOf(anchors);
  }

  /** The anchor that GitHub gives a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  private void save(String job) throws IOException {
    String name = job.lines().findFirst().orElseThrow().substring("# ".length());
    Files.writeString(folder.resolve(name), placed(job));
  }

  private void run(String line) throws Exception {
    if (!line.startsWith(PROGRAM)) {
      Process shell =
          new ProcessBuilder("sh", "-c", placed(line)).redirectErrorStream(true).start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shell.waitFor()).as("%s%n%s", line, said).isZero();
      return;
    }
    String[] command = line.substring(PROGRAM.length()).split(" > ");
    List<String> words = CommandLineRun.typed(command[0], this::placed);
    boolean sample = words.remove("pipelines/sample.yaml");
    if (sample) {
      words.add(1, Path.of("pipelines/sample.yaml").toString());
      if (words.stream().noneMatch(word -> word.startsWith("output="))) {
        words.addAll(List.of("--set", "output=" + folder.resolve("sample")));
      }
    }
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new)).succeeded();
    if (command.length > 1) {
      Files.writeString(Path.of(placed(command[1])), run.out());
    }
  }
}
