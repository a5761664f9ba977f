package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.json.Json;

/** Text, names and values that would steer a terminal, in what every command prints. */
@Tag("run")
class HostileTextTest {
  private static final String HOSTILE =
      "\u001b]0;x\u0007\u001b[31m\u009b2J\u007f\u202egnp\u2066q\u2069\r\n== fake\u061c\u2028";

  private static final Pattern STEERS =
      Pattern.compile(
          "[\\p{Cc}\\x{61C}\\x{200E}\\x{200F}\\x{2028}-\\x{202E}\\x{2066}-\\x{206F}&&[^\n\t]]");

  @TempDir static Path folder;

  @BeforeAll
  static void encodeHostileText() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("c"));
    StringBuilder lines = new StringBuilder("{\"id\": \"" + "\u001b\u202e broken\n");
    for (int i = 0; i < 12; i++) {
      lines.append(
          Json.MAPPER
              .createObjectNode()
              .put("id", i + HOSTILE)
              .put("text", "low lower " + HOSTILE + i)
              .put("lang", i % 2 + HOSTILE));
      lines.append('\n');
    }
    Files.writeString(corpus.resolve("c\u001b[31m\u0085.jsonl"), lines);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ c ], maxDeadLetterRate: 1 }
            tokenizer:
              train: { vocabSize: 300, pattern: gpt2, addedTokens: [ "\\e[31m\\u202E\\x85" ] }
            shards: { groupBy: lang }
            learn: { ngrams: 2 }
            output: out
            """);
    CommandLineRun.line("run %s", job).succeeded();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run job.yaml --verbose",
        "run job.yaml --json",
        "run job.yaml --events -",
        "run job.yaml --explain",
        "run job.yaml --set \u001b[31m=\u202e",
        "init c",
        "cat out",
        "cat out --jsonl",
        "cat out --doc \u001b[31m",
        "cat out --dead-letters",
        "cat out --dead-letters --jsonl",
        "inspect out",
        "inspect out --json",
        "inspect no\u001b[31m\u202e",
        "audit out --input c --list control",
        "audit out --input c --json",
        "compare out out --input c --group-by lang",
        "compare out out --input c --group-by lang --json",
        "count --tokenizer out --input c --group-by lang --set corpus.maxDeadLetterRate=1",
        "count --tokenizer out --input c --group-by lang --json",
        "predict out \u001b[31m\u202e",
        "predict out low --json --max-tokens 60",
        "tokenize out \u001b[31m\u202e\u009b",
        "trim out --keep-vocab 290 --output trimmed\u001b[31m",
        "convert out --to npy --output converted\u001b[31m\u202e",
        "verify converted\u001b[31m\u202e --full --json",
        "report out\u202e",
        "log out\u009b",
        "no\u001b[31m\u202e",
        "cat --no\u001b[31m\u202e",
      })
  void printsNothingThatSteersATerminal(String line) {
    String there =
        line.replaceAll(
            " (out|c|job|converted|trimmed)(?=[ .\\x{1b}\\x{202e}\\x{9b}]|$)",
            " " + folder + "/$1");
    CommandLineRun ran = CommandLineRun.line(there);

    assertThat(STEERS.matcher(ran.out() + ran.err()).find()).as("%s", ran).isFalse();
    assertThat(ran.out() + ran.err()).isNotEmpty();
  }

  @Test
  void printsJsonOfTheSameText() throws IOException {
    String line = CommandLineRun.line("cat %s --jsonl", folder.resolve("out")).out().split("\n")[0];
    JsonNode row = Json.MAPPER.readTree(line);

    assertThat(line).contains("\\u202Egnp", "\\u009B2J");
    assertThat(row.path("text").textValue()).isEqualTo("low lower " + HOSTILE + 0);
    assertThat(row.path("doc_id").textValue()).isEqualTo(0 + HOSTILE);
  }

  @Test
  void keepsANameWithALineEndInItsLine() {
    assertThat(CommandLineRun.line("cat %s", folder.resolve("out")).out().lines())
        .filteredOn(line -> line.startsWith("== "))
        .hasSize(24) // the text of each document has a line like a heading
        .filteredOn(line -> line.contains("c\\u001B[31m\\u0085.jsonl at "))
        .hasSize(12);
  }
}
