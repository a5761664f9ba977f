package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;

/** What a run did not read of its inputs is a list, on each command that reads a corpus. */
final class SkippedTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void trainATokenizer() throws IOException {
    Path corpus = Files.writeString(shared.resolve("text.txt"), "low lower lowest ".repeat(20));
    Jobs.train(shared.resolve("t"), "--input %s --vocab-size 300 --pattern qwen2", corpus);
  }

  @BeforeEach
  void writeADataSet() throws IOException {
    Files.createDirectories(folder.resolve("set/data"));
    Files.writeString(folder.resolve("set/data/a.jsonl"), "{\"text\": \"low\"}\n");
    Files.writeString(folder.resolve("set/dataset_infos.json"), "{}\n");
    Files.writeString(
        folder.resolve("set/README.md"), "---\nsize_categories:\n- n<1K\n---\n# Low\n");
    Files.createSymbolicLink(folder.resolve("set/data/b.jsonl"), Path.of("nowhere"));
  }

  private CommandLineRun encode(String... more) {
    return CommandLineRun.line(
        "encode --input %s --tokenizer %s --output %s %s",
        folder.resolve("set"), shared.resolve("t"), folder.resolve("out"), List.of(more));
  }

  @Test
  void aListTheSummaryThePageAndInspectSayWhatWasNotRead() throws IOException {
    assertThat(encode().succeeded().out())
        .containsPattern("documents +1\n")
        .containsPattern("not read +1 cards of data sets, README.md")
        .containsPattern("not read +1 descriptions of a data set")
        .containsPattern("not read +1 links that lead nowhere");
    Path out = folder.resolve("out");
    List<String> lines = Files.readAllLines(out.resolve("run/skipped.jsonl"));
    assertThat(lines).hasSize(3);
    JsonNode card = Json.MAPPER.readTree(lines.get(0));
    assertThat(card.path("path").textValue()).isEqualTo(folder.resolve("set/README.md").toString());
    assertThat(card.path("size").longValue()).isEqualTo(38);
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .containsPattern(" 38  .*/set/README.md  \\(cards of data sets, README.md\\)")
        .contains("set/data/b.jsonl  (links that lead nowhere)");
    String json = CommandLineRun.of("inspect", out + "", "--skipped", "--json").succeeded().out();
    assertThat(Json.MAPPER.readTree(json)).hasSize(3);
    assertThat(Files.readString(out.resolve("report.html"))).contains("set/dataset_infos.json");
    assertThat(Files.readString(out.resolve("outputs.jsonl"))).doesNotContain("skipped");

    Files.writeString(folder.resolve("set/data/c.md5"), "x");
    assertThat(encode().succeeded().out()).contains("Nothing to do");
    assertThat(Files.readAllLines(out.resolve("run/skipped.jsonl"))).hasSize(4);
    Files.delete(folder.resolve("set/data/b.jsonl"));
    assertThat(
            encode("--include-all", "--exclude", "*.md5", "--exclude", "*_infos.json", "--replace")
                .succeeded()
                .out())
        .containsPattern("documents +2\n"); // without --replace: files are not in the request
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .contains("(corpus.exclude \"*.md5\")");
  }

  @Test
  void otherCommandsReadTheSameFilesAndSaySo() {
    String set = folder.resolve("set").toString();
    String tokenizer = shared.resolve("t").toString();
    for (CommandLineRun run :
        List.of(
            CommandLineRun.of("compare", tokenizer, tokenizer, "--input", set),
            CommandLineRun.of("audit", tokenizer, "--input", set))) {
      assertThat(run.succeeded().err())
          .contains("note: not read: cards of data sets, README.md: 1, such as " + set);
    }
    assertThat(
            CommandLineRun.of("count", "--tokenizer", tokenizer, "--input", set, "--json")
                .succeeded()
                .out())
        .contains("\"documents\" : 1");
  }
}
