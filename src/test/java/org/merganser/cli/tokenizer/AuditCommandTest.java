package org.merganser.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
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
    CommandLineRun.of(
            "train",
            "--input",
            CORPUS,
            "--vocab-size",
            "700",
            "--pattern",
            "qwen2",
            "--special-token",
            "<|endoftext|>",
            "--output",
            trained.toString())
        .succeeded();
  }

  private static CommandLineRun audit(String... more) {
    List<String> arguments = new ArrayList<>(List.of("audit", trained.toString()));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
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
            .readTree(
                audit("--input", CORPUS, "--group-by", "lang", "--rare", "5", "--json")
                    .succeeded()
                    .out());
    Tokenizer tokenizer = Tokenizer.read(trained.resolve("tokenizer.json"));
    long[] counts = new long[tokenizer.idBound()];
    for (String line : Files.readAllLines(Path.of(CORPUS))) {
      for (int id : tokenizer.encode(new JsonMapper().readTree(line).get("text").textValue())) {
        counts[id]++;
      }
    }
    JsonNode kinds = result.get("kinds");
    Set<Integer> never = ids(kinds.get("unused"));
    never.addAll(ids(kinds.get("residue")));
    Set<Integer> once = ids(kinds.get("once"));
    Set<Integer> rare = ids(kinds.get("rare"));
    for (int id = 0; id < counts.length; id++) {
      assertThat(never.contains(id)).as("never %d", id).isEqualTo(counts[id] == 0);
      assertThat(once.contains(id)).as("once %d", id).isEqualTo(counts[id] == 1);
      assertThat(rare.contains(id)).as("rare %d", id).isEqualTo(counts[id] > 1 && counts[id] < 5);
    }
    assertThat(rare).isNotEmpty();
    assertThat(result.get("tokens").intValue()).isEqualTo(counts.length);
    assertThat(kinds.has("under-trained")).isFalse();
    assertThat(kinds.get("one-group").get("tokens").get(0).get("times").longValue()).isPositive();
  }

  @Test
  void printsCountsExamplesAndTheListsThatAreAskedFor() {
    assertThat(audit().succeeded().out())
        .contains("unreachable           13  no text gives it, which is proved")
        .contains("bytes C0, bytes C1, bytes F5, bytes F6, …")
        .contains("unused                 -  ");
    assertThat(audit("--list", "unreachable").succeeded().out())
        .contains("  bytes C0  no UTF-8 text has these bytes")
        .doesNotContain("…");
  }

  @Test
  void writesAPageThatAsksNoNetwork() throws IOException {
    Path page = folder.resolve("audit.html");
    audit("--input", CORPUS, "--html", page.toString()).succeeded();
    assertThat(Files.readString(page))
        .contains("<h2>partial-utf8</h2>")
        .contains("⟨C0⟩")
        .doesNotContain("<script")
        .doesNotContain("http");
  }

  @Test
  void listsTheTokensWhoseVectorsAreNearTheMean() throws IOException {
    Path table = folder.resolve("table.parquet");
    CommandLineRun.of(
            "embeddings",
            "init",
            "--rows",
            "704",
            "--dim",
            "8",
            "--seed",
            "1",
            "--output",
            table.toString())
        .succeeded();
    JsonNode result =
        new JsonMapper()
            .readTree(audit("--embeddings", table.toString(), "--json").succeeded().out());
    assertThat(ids(result.get("kinds").get("under-trained"))).hasSize(14); // 2 % of 700
    assertThat(audit("--embeddings", folder.resolve("none.npy").toString()).exitCode())
        .isEqualTo(1);
  }

  @Test
  void refusesAKindThatThereIsNot() {
    CommandLineRun run = audit("--list", "partial-utf").endedWith(2);
    assertThat(run.err())
        .contains("\"partial-utf\" is no kind of tokens; did you mean \"partial-utf8\"?");
    for (TokenKind kind : TokenKind.values()) {
      assertThat(run.err()).contains(kind.key());
    }
    assertThat(audit("--rare", "0").endedWith(2).err()).contains("--rare is 0; at least 1");
  }
}
