package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first minute of a user with a folder that nobody prepared. */
final class InitTest {
  @TempDir Path folder;

  private Path corpus() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("my corpus"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(
          corpus.resolve("part-" + i + ".jsonl"),
          "{\"body\": \"low lower lowest %d\", \"url\": \"http://x/%d\"}\n"
              .formatted(i, i)
              .repeat(1));
    }
    return corpus;
  }

  @Test
  void theJobThatItWritesRuns() throws IOException {
    Path job = Files.createDirectories(folder.resolve("jobs")).resolve("first.yaml");
    CommandLineRun init =
        CommandLineRun.of("init", corpus().toString(), "--output", job.toString()).succeeded();
    assertThat(init.out())
        .isEqualTo("Wrote %s\nnext             merganser run %s\n".formatted(job, job));
    CommandLineRun run = CommandLineRun.of("run", job.toString(), "--json").succeeded();
    assertThat(run.out()).startsWith("{\n  \"exitCode\" : 0,").contains("\"documents\" : 3,");
    assertThat(run.err()).contains("documents                      3\n");
    assertThat(folder.resolve("jobs/merganser-output/manifest.json")).exists();

    CommandLineRun again =
        CommandLineRun.of("init", corpus().toString(), "--output", job.toString());
    assertThat(again.endedWith(1).err()).contains("there is such a file already");
    assertThat(CommandLineRun.of("run", job.toString(), "--quiet").succeeded().out()).isEmpty();
  }

  @Test
  void looksIntoCsvAndQuotesNamesWithDots() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("tables"));
    Files.writeString(
        corpus.resolve("a.csv"),
        "\uFEFFid,meta.body\n1,\"a long text, with\nlines\"\n2,another long text\n");
    Path job = folder.resolve("job.yaml");
    CommandLineRun.of("init", corpus.toString(), "--output", job.toString()).succeeded();
    assertThat(Files.readString(job))
        .contains("csv          1 file,")
        .contains("textField: \"[\\\"meta.body\\\"]\"\n")
        .contains("idField: \"id\"\n");
    assertThat(CommandLineRun.of("run", job.toString(), "--json").succeeded().out())
        .contains("\"documents\" : 2,");
  }

  @Test
  void withoutAFileItIsPrintedAndTheSameEachTime() throws IOException {
    String corpus = corpus().toString();
    String printed = CommandLineRun.of("init", corpus).succeeded().out();
    assertThat(printed).contains("textField: \"body\"\n").contains("idField: \"url\"\n");
    assertThat(CommandLineRun.of("init", corpus).out()).isEqualTo(printed);
    assertThat(CommandLineRun.of("init", corpus + "/none").endedWith(1).err()).contains("none");
  }
}
