package org.merganser.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;

/** {@code audit}: its figures are those of encoding the texts. */
@Tag("run")
final class AuditCommandTest {
  private static final String CORPUS = "sample-data/corpus/europe.jsonl";
  private static final String TEXTS = "sample-data/corpus";

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

  @Test
  void bytesWithoutATokenAreNamedByAuditAndInspect() throws IOException {
    ObjectNode file =
        (ObjectNode) new JsonMapper().readTree(trained.resolve("tokenizer.json").toFile());
    ObjectNode vocabulary = (ObjectNode) file.get("model").get("vocab");
    vocabulary.remove(List.of("ñ", "ò"));
    Path lacking = folder.resolve("lacking.json");
    Files.writeString(lacking, file.toString());
    String sentence =
        "2 of the 256 byte tokens are missing (0xF1 0xF2): text with these bytes cannot be encoded,"
            + " and HF's tokenizers refuse the file from 1.0 on";
    assertThat(CommandLineRun.of("audit", lacking.toString()).succeeded().out()).contains(sentence);
    assertThat(CommandLineRun.of("inspect", lacking.toString()).succeeded().out())
        .contains(sentence);
    for (String command : List.of("audit", "inspect")) {
      String out = CommandLineRun.of(command, lacking.toString(), "--json").succeeded().out();
      JsonNode result = new JsonMapper().readTree(out);
      assertThat(result.findValue("bytesWithoutToken").toString()).isEqualTo("[241,242]");
    }
    assertThat(audit().succeeded().out()).doesNotContain("byte tokens");
  }

  @Test
  void oneTokenThatIsTooLongToCheckIsNamedInTheSingular() throws IOException {
    ObjectNode file =
        (ObjectNode) new JsonMapper().readTree(trained.resolve("tokenizer.json").toFile());
    ObjectNode vocabulary = (ObjectNode) file.get("model").get("vocab");
    for (int i = 0; i < 16; i++) { // 16 MiB are checked, without the last
      vocabulary.put("x".repeat(1 << 20) + "y".repeat(i), 1000 + i);
    }
    Path large = folder.resolve("large.json");
    Files.writeString(large, file.toString());
    assertThat(CommandLineRun.of("audit", large.toString()).succeeded().out())
        .contains("1 token was not checked for a text that produces it: its text is too long\n");
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
        .contains("unreachable              0  no text can produce it")
        .contains("bytes A1, bytes A2, bytes A3, ")
        .contains("unused                   -  ");
    assertThat(audit("--list", "partial-utf8").succeeded().out())
        .contains("  bytes A1\n")
        .doesNotContain("…");
  }

  /** A token of o200k begins with a line end in some documents, and is cut as a document. */
  private static Path code() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"text\": \"a %s\\n// b\"}\n".formatted(";!)}.,]>+-".charAt(i % 10)));
    }
    return Files.writeString(folder.resolve("code.jsonl"), lines);
  }

  private static Stream<Arguments> jobs() throws IOException {
    Path code = code();
    Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\"text\": 5}\n");
    Jobs.train(
        folder.resolve("more"),
        "--input %s --input %s --vocab-size 1500 --pattern o200k --special-token <|endoftext|>",
        TEXTS,
        code);
    String load = "tokenizer.load=" + folder.resolve("more/tokenizer.json");
    String both = "corpus.inputs=[" + TEXTS + ", " + code + ", " + broken + "]";
    return Stream.of(
        Arguments.of("run", List.of(TEXTS), List.of()),
        Arguments.of("loaded", List.of(TEXTS), List.of("tokenizer.train=null", load)),
        Arguments.of(
            "several",
            List.of(TEXTS, code.toString(), broken.toString()),
            List.of("tokenizer.train=null", load, both, "corpus.maxDeadLetterRate=1")));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void itsNumbersAreThoseOfTheReportOfTheRun(
      String name, List<String> inputs, List<String> settings) throws IOException {
    Path run = folder.resolve(name);
    Jobs.sample(run, settings, "learn=null", "embeddings=null").succeeded();
    JsonNode report = statistics(run);
    JsonNode kinds = kinds(run, inputs);
    for (String kind : List.of("unreachable", "residue")) {
      assertThat(ids(kinds.get(kind))).as(kind).isEqualTo(unused(report, kind));
    }
    assertThat(ids(kinds(run, List.of()).get("unreachable")))
        .as("without texts")
        .isEqualTo(unused(report, "unreachable"));
    assertThat(kinds.get("unused").get("count").intValue())
        .isEqualTo(
            report.get("size").intValue()
                - report.get("used").intValue()
                - report.at("/unused/ADDED/count").intValue());
    assertThat(kinds.get("residue").get("count").intValue()).isPositive();
  }

  /** The report counts training documents only, so that all texts have no more unused tokens. */
  @Test
  void theTextsOfValidationAreNotThoseOfTheReport() throws IOException {
    Path run = folder.resolve("validation");
    Jobs.sample(run, "learn=null", "embeddings=null", "corpus.validation=0.3").succeeded();
    JsonNode report = statistics(run);
    JsonNode kinds = kinds(run, List.of(TEXTS));
    assertThat(unused(report, "residue")).isNotEmpty().containsAll(ids(kinds.get("residue")));
    assertThat(ids(kinds(run, List.of()).get("unreachable")))
        .isEqualTo(unused(report, "unreachable"));
  }

  private static JsonNode statistics(Path run) throws IOException {
    return new JsonMapper().readTree(run.resolve("statistics.json").toFile()).get("vocabulary");
  }

  private static JsonNode kinds(Path run, List<String> inputs) throws IOException {
    List<String> options = inputs.stream().flatMap(path -> Stream.of("--input", path)).toList();
    String out = CommandLineRun.line("audit %s --json %s", run, options).succeeded().out();
    return new JsonMapper().readTree(out).get("kinds");
  }

  private static Set<Integer> unused(JsonNode report, String kind) {
    JsonNode tokens = report.get("unused").get(kind.toUpperCase(Locale.ROOT));
    Set<Integer> ids = new HashSet<>();
    tokens.get("ids").forEach(id -> ids.add(id.intValue()));
    assertThat(ids).hasSize(tokens.get("count").intValue());
    return ids;
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
