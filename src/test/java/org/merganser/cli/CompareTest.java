package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.tokenizer.Tokenizer;

/** {@code compare}: its figures are those of encoding each text with both, and counting. */
final class CompareTest {
  private static final Path CORPUS = Path.of("sample-data/corpus/europe.jsonl");

  @TempDir static Path folder;
  private static Path small;
  private static Path large;
  private static JsonNode result;
  private static String said;

  @BeforeAll
  static void compareTwo() throws IOException {
    small = train("small", "sample-data/corpus/asia.jsonl", 400, "gpt2");
    large = train("large", CORPUS.toString(), 900, "qwen2");
    said = compare("--html", folder.resolve("compared.html").toString());
    result = parsed(compare("--json"));
  }

  private static String compare(String... more) {
    CommandLineRun run =
        CommandLineRun.line(
                "compare %s %s --input %s --group-by lang %s", small, large, CORPUS, more)
            .succeeded();
    assertThat(run.err()).isEmpty();
    return run.out();
  }

  private static JsonNode parsed(String json) throws IOException {
    return new JsonMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(json);
  }

  @Test
  void showsDifferentTextsAndNotTheSameLineOfSeveralFiles() throws IOException {
    Path texts = Files.createDirectories(folder.resolve("texts"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(
          texts.resolve(i + ".txt"),
          "~".repeat(200 + i) + "\n" + ("The sun rises in the east " + i + ". ").repeat(20) + "\n");
    }
    String[] arguments =
        CommandLineRun.words(
            "compare %s %s --input %s --format lines", small.getParent(), large, texts);
    String out = CommandLineRun.of(arguments).succeeded().out();
    String[] withJson = Arrays.copyOf(arguments, arguments.length + 1);
    withJson[arguments.length] = "--json";
    assertThat(out.lines().filter(line -> line.contains("~~~")).count()).isLessThan(2);
    JsonNode kinds = parsed(CommandLineRun.of(withJson).succeeded().out()).path("kinds");
    assertThat(kinds.findValuesAsText("text").stream().filter(text -> text.startsWith("~~")))
        .hasSize(1);
    assertThat(kinds.findValuesAsText("kind"))
        .containsExactlyInAnyOrder("latin letters", "repeated signs");
    assertThat(out).contains("repeated signs  ").contains("such as ");
  }

  @Test
  void showsTheSpecialTokensThatOneOfThemLacks() throws IOException {
    Path a = train("end", CORPUS.toString(), 300, "gpt2", "--special-token=<|end|>");
    Path b =
        train(
            "chat",
            CORPUS.toString(),
            300,
            "gpt2",
            "--special-token=<|end|>",
            "--special-token=<|never|>",
            "--special-token=<|user|>");
    Path text = folder.resolve("chat.txt");
    Files.writeString(
        text,
        "<|user|>" + "The sun rises in the east. ".repeat(30) + "\n<|end|><|user|><|user|>\n");
    String[] arguments = {"compare", a.toString(), b.toString(), "--input", text.toString()};
    String[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = "--json";
    JsonNode compared = parsed(CommandLineRun.of(more).succeeded().out());
    JsonNode special = compared.get("specialTokens");
    assertThat(special.get("both").intValue()).isEqualTo(1);
    assertThat(special.get("onlyA").intValue()).isZero();
    assertThat(special.get("onlyB").intValue()).isEqualTo(2);
    assertThat(special.get("listed").findValuesAsText("token"))
        .containsExactly("<|user|>", "<|never|>", "<|end|>");
    JsonNode user = special.at("/listed/0");
    int pieces = Tokenizer.read(a).encode("<|user|>").length;
    assertThat(user.get("idA").isNull()).isTrue();
    assertThat(user.get("idB").intValue()).isEqualTo(Tokenizer.read(b).id("<|user|>"));
    assertThat(user.get("tokensA").intValue()).isEqualTo(pieces).isGreaterThan(1);
    assertThat(user.get("tokensB").intValue()).isEqualTo(1);
    assertThat(user.get("occurrences").longValue()).isEqualTo(3);
    assertThat(special.at("/listed/2/occurrences").longValue()).isEqualTo(1);
    assertThat(compared.get("kinds").findValuesAsText("kind"))
        .containsExactlyInAnyOrder("text of special tokens", "latin letters");
    assertThat(CommandLineRun.of(arguments).succeeded().out())
        .contains(
            "special tokens: 1 of both, 0 only of A, 2 only of B\n"
                + "  <|user|>: "
                + pieces
                + " tokens of A, 1 token of B; 3 times in the texts\n");
  }

  private static Path train(
      String name, String corpus, int vocabulary, String pattern, String... more) {
    Path out = folder.resolve(name);
    CommandLineRun.line(
            "train --input %s --vocab-size %s --pattern %s --output %s %s",
            corpus, Integer.toString(vocabulary), pattern, out, more)
        .succeeded();
    return out.resolve("tokenizer.json");
  }

  /** Bytes, tokens of the first and of the second by language. */
  private static Map<String, long[]> twin() throws IOException {
    Tokenizer a = Tokenizer.read(small);
    Tokenizer b = Tokenizer.read(large);
    Map<String, long[]> sums = new TreeMap<>();
    for (String line : Files.readAllLines(CORPUS)) {
      JsonNode record = new JsonMapper().readTree(line);
      String text = record.get("text").textValue();
      long[] sum = sums.computeIfAbsent(record.get("lang").textValue(), lang -> new long[3]);
      sum[0] += text.getBytes(UTF_8).length;
      sum[1] += a.encode(text).length;
      sum[2] += b.encode(text).length;
    }
    return sums;
  }

  @Test
  void countsTokensByLanguage() throws IOException {
    Map<String, long[]> twin = twin();
    assertThat(result.get("byGroup")).hasSize(twin.size());
    long[] all = new long[3];
    for (JsonNode row : result.get("byGroup")) {
      long[] sums = twin.get(row.get("group").textValue());
      assertThat(row.get("bytes").longValue()).isEqualTo(sums[0]);
      assertThat(row.get("tokensA").longValue()).isEqualTo(sums[1]);
      assertThat(row.get("tokensB").longValue()).isEqualTo(sums[2]);
      for (int i = 0; i < 3; i++) {
        all[i] += sums[i];
      }
    }
    assertThat(result.get("bytes").longValue()).isEqualTo(all[0]);
    assertThat(result.get("tokensA").longValue()).isEqualTo(all[1]);
    assertThat(result.get("tokensB").longValue()).isEqualTo(all[2]);
    assertThat(all[1]).isGreaterThan(all[2]);
    assertThat(said).contains(String.format(Locale.ROOT, "%,d", all[1]));
  }

  @Test
  void countsSharedTokens() throws IOException {
    Set<String> a = tokens(small);
    Set<String> b = tokens(large);
    Set<String> either = new HashSet<>(a);
    either.addAll(b);
    Set<String> both = new HashSet<>(a);
    both.retainAll(b);
    assertThat(result.get("sizeA").intValue()).isEqualTo(400);
    assertThat(result.get("sizeB").intValue()).isEqualTo(900);
    assertThat(result.get("shared").intValue()).isEqualTo(both.size()).isBetween(257, 399);
    BigDecimal jaccard = result.get("jaccard").decimalValue();
    BigDecimal exact = BigDecimal.valueOf((double) both.size() / either.size());
    assertThat(jaccard).isEqualByComparingTo(exact.setScale(jaccard.scale(), RoundingMode.HALF_UP));
  }

  private static Set<String> tokens(Path file) throws IOException {
    Set<String> tokens = new HashSet<>();
    new JsonMapper()
        .readTree(Files.readAllBytes(file))
        .path("model")
        .path("vocab")
        .fieldNames()
        .forEachRemaining(tokens::add);
    return tokens;
  }

  /** Each text that is shown is cut by both as its own encoding cuts it, the furthest first. */
  @Test
  void showsTheKindsOfTextThatDifferMost() throws IOException {
    Tokenizer a = Tokenizer.read(small);
    assertThat(result.get("kinds")).hasSizeGreaterThan(2);
    assertThat(result.get("kinds").findValuesAsText("kind"))
        .doesNotHaveDuplicates()
        .contains("latin letters", "cyrillic letters", "greek letters");
    long difference = Long.MAX_VALUE;
    long bytes = 0;
    for (JsonNode kind : result.get("kinds")) {
      bytes += kind.get("bytes").longValue();
      long own = Math.abs(kind.get("tokensA").longValue() - kind.get("tokensB").longValue());
      assertThat(own).isLessThanOrEqualTo(difference);
      difference = own;
      assertThat(kind.get("examples").size()).isLessThanOrEqualTo(3);
      double before = Double.MAX_VALUE;
      for (JsonNode far : kind.get("examples")) {
        String text = far.get("text").textValue();
        int[] ids = a.encode(text);
        assertThat(far.get("tokensA").intValue()).isEqualTo(ids.length);
        assertThat(far.get("cutA")).hasSize(ids.length);
        assertThat(far.get("cutA").get(ids.length - 1).intValue())
            .isEqualTo(text.getBytes(UTF_8).length);
        double distance =
            Math.abs(Math.log(far.get("tokensA").doubleValue() / far.get("tokensB").doubleValue()));
        assertThat(distance).isLessThanOrEqualTo(before);
        before = distance + 1e-12;
      }
    }
    assertThat(bytes)
        .isBetween(result.get("bytes").longValue() * 9 / 10, result.get("bytes").longValue());
    assertThat(Files.readString(folder.resolve("compared.html")))
        .startsWith("<!doctype html>")
        .contains(result.get("sha256A").textValue())
        .contains("<h3>Cyrillic letters</h3>");
  }

  @Test
  void aTokenizerThatIsNotThereIsNamed() {
    CommandLineRun run =
        CommandLineRun.of("compare", small.toString(), "none.json", "--input", CORPUS.toString());
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("none.json").doesNotContain("\tat ");
  }
}
