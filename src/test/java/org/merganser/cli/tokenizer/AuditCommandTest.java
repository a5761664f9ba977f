package org.merganser.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;

/** {@code audit}: its figures are those of encoding the texts. */
final class AuditCommandTest {
  private static final String CORPUS = "sample-data/corpus/europe.jsonl";

  @TempDir static Path folder;
  private static Path trained;

  @BeforeAll
  static void train() {
    trained = folder.resolve("trained");
    Jobs.train(
        trained,
        "--input %s --vocab-size 700 --pattern qwen2 --special-token <|endoftext|>",
        CORPUS);
  }

  private static CommandLineRun audit(String... more) {
    return CommandLineRun.line("audit %s %s", trained, more);
  }

  private static Set<Integer> ids(JsonNode kind) {
    Set<Integer> ids = new HashSet<>();
    kind.get("tokens").forEach(token -> ids.add(token.get("id").intValue()));
    assertThat(ids).hasSize(kind.get("count").intValue());
    return ids;
  }

  @Test
  void jsonHasTheUseOfEachTokenInTheTexts() throws IOException {
    JsonNode result =
        new JsonMapper()
            .readTree(audit("--input", CORPUS, "--rare", "5", "--json").succeeded().out());
    Tokenizer tokenizer = Tokenizer.read(trained.resolve("tokenizer.json"));
    long[] counts = new long[tokenizer.idBound()];
    for (String line : Files.readAllLines(Path.of(CORPUS))) {
      for (int id : tokenizer.encode(new JsonMapper().readTree(line).get("text").textValue())) {
        counts[id]++;
      }
    }
    JsonNode kinds = result.get("kinds");
    Set<Integer> unused = ids(kinds.get("unused"));
    Set<Integer> rare = ids(kinds.get("rare"));
    for (int id = 1; id < counts.length; id++) { // 0 is an added token
      assertThat(unused.contains(id)).as("unused %d", id).isEqualTo(counts[id] == 0);
      assertThat(rare.contains(id)).as("rare %d", id).isEqualTo(counts[id] < 5);
    }
    assertThat(unused).containsAll(ids(kinds.get("residue")));
    assertThat(rare).isNotEmpty();
    assertThat(result.get("tokens").intValue()).isEqualTo(counts.length);
    JsonNode first = kinds.get("rare").get("tokens").get(0);
    assertThat(first.get("times").longValue()).isEqualTo(counts[first.get("id").intValue()]);
  }

  @Test
  void printsCountsExamplesAndTheListsThatAreAskedFor() {
    assertThat(audit().succeeded().out())
        .contains("unreachable              0  no text gives it")
        .contains("bytes A1, bytes A2, bytes A3, ")
        .contains("unused                   -  ");
    assertThat(audit("--list", "partial-utf8").succeeded().out())
        .contains("  bytes A1\n")
        .doesNotContain("…");
  }

  @Test
  void itsNumbersAreThoseOfTheReportOfTheRun() throws IOException {
    Path run = folder.resolve("run");
    CommandLineRun.of("run", "pipelines/sample.yaml", "--set", "output=" + run).succeeded();
    JsonNode report =
        new JsonMapper().readTree(run.resolve("statistics.json").toFile()).get("vocabulary");
    JsonNode audit =
        new JsonMapper()
            .readTree(
                CommandLineRun.of(
                        "audit", run.toString(), "--input", "sample-data/corpus", "--json")
                    .succeeded()
                    .out());
    JsonNode kinds = audit.get("kinds");
    for (String kind : List.of("unreachable", "residue")) {
      assertThat(kinds.get(kind).get("count"))
          .as(kind)
          .isEqualTo(report.at("/unused/" + kind.toUpperCase(Locale.ROOT) + "/count"));
    }
    assertThat(kinds.get("unused").get("count").intValue())
        .isEqualTo(report.get("size").intValue() - report.get("used").intValue());
    assertThat(kinds.get("residue").get("count").intValue()).isPositive();
  }

  @Test
  void refusesAKindThatThereIsNot() {
    CommandLineRun run = audit("--list", "partial-utf").endedWith(2);
    assertThat(run.err())
        .contains("--list: \"partial-utf\" is not allowed", "did you mean \"partial-utf8\"?");
    for (TokenKind kind : TokenKind.values()) {
      assertThat(run.err()).containsIgnoringCase(kind.toString());
    }
    assertThat(audit("--rare", "0", "--input", "x").endedWith(2).err())
        .contains("--rare is 0; at least 1");
  }
}
