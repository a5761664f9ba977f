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
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.tokenizer.Tokenizer;

/** {@code compare}: its figures are those of encoding each text with both, and counting. */
@Tag("run")
final class CompareTest {
  private static final Path CORPUS = Path.of("sample-data/corpus/europe.jsonl");

  @TempDir static Path folder;
  private static Path small;
  private static Path large;
  private static JsonNode result;
  private static JsonNode difference;
  private static String said;

  @BeforeAll
  static void compareTwo() throws IOException {
    small = train("small", "sample-data/corpus/asia.jsonl", 400, "gpt2");
    large = train("large", CORPUS.toString(), 900, "qwen2");
    said = compare("--html", folder.resolve("compared.html").toString());
    result = parsed(compare("--json"));
    difference = result.at("/differences/0");
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
            "compare %s %s --input %s --format lines --json", small.getParent(), large, texts);
    JsonNode kinds =
        parsed(CommandLineRun.of(arguments).succeeded().out()).at("/differences/0/kinds");
    assertThat(kinds.findValuesAsText("text").stream().filter(text -> text.startsWith("~~")))
        .hasSize(1);
    assertThat(kinds.findValuesAsText("kind"))
        .containsExactlyInAnyOrder("latin letters", "repeated signs");
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
    Path text = Files.writeString(folder.resolve("chat.txt"), "The sun rises in the east.\n");
    JsonNode compared =
        parsed(
            CommandLineRun.line("compare %s %s --input %s --json", a, b, text).succeeded().out());
    JsonNode special = compared.at("/differences/0/specialTokens");
    assertThat(special.get("both").intValue()).isEqualTo(1);
    assertThat(special.get("onlyA")).isEmpty();
    assertThat(special.get("onlyB"))
        .extracting(JsonNode::textValue)
        .containsExactly("<|never|>", "<|user|>");
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
    assertThat(result.at("/texts/groups")).hasSize(twin.size());
    long[] all = new long[3];
    for (int i = 0; i < twin.size(); i++) {
      JsonNode texts = result.at("/texts/groups/" + i);
      long[] sums = twin.get(texts.get("group").textValue());
      assertThat(texts.get("bytes").longValue()).isEqualTo(sums[0]);
      assertThat(figures(0).at("/groups/" + i + "/tokens").longValue()).isEqualTo(sums[1]);
      assertThat(figures(1).at("/groups/" + i + "/tokens").longValue()).isEqualTo(sums[2]);
      for (int j = 0; j < 3; j++) {
        all[j] += sums[j];
      }
    }
    assertThat(result.at("/texts/bytes").longValue()).isEqualTo(all[0]);
    assertThat(figures(0).get("tokens").longValue()).isEqualTo(all[1]);
    assertThat(figures(1).get("tokens").longValue()).isEqualTo(all[2]);
    assertThat(all[1]).isGreaterThan(all[2]);
    assertThat(said).contains(String.format(Locale.ROOT, "%,d", all[1]));
  }

  private static JsonNode figures(int place) {
    return result.at("/vocabularies/" + place + "/figures");
  }

  @Test
  void countsSharedTokens() throws IOException {
    Set<String> a = tokens(small);
    Set<String> b = tokens(large);
    Set<String> either = new HashSet<>(a);
    either.addAll(b);
    Set<String> both = new HashSet<>(a);
    both.retainAll(b);
    assertThat(figures(0).get("vocabulary").intValue()).isEqualTo(400);
    assertThat(figures(1).get("vocabulary").intValue()).isEqualTo(900);
    assertThat(difference.get("shared").intValue()).isEqualTo(both.size()).isBetween(257, 399);
    BigDecimal jaccard = difference.get("jaccard").decimalValue();
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

  /** Each text that is shown is cut by both as its own encoding cuts it. */
  @Test
  void showsTheKindsOfTextThatDifferMost() throws IOException {
    Tokenizer a = Tokenizer.read(small);
    assertThat(difference.get("kinds")).hasSizeGreaterThan(2);
    assertThat(difference.get("kinds").findValuesAsText("kind"))
        .doesNotHaveDuplicates()
        .contains("latin letters", "cyrillic letters", "greek letters");
    long before = Long.MAX_VALUE;
    long bytes = 0;
    for (JsonNode kind : difference.get("kinds")) {
      bytes += kind.get("bytes").longValue();
      long own = Math.abs(kind.get("tokensA").longValue() - kind.get("tokensB").longValue());
      assertThat(own).isLessThanOrEqualTo(before);
      before = own;
      JsonNode far = kind.get("example");
      if (!far.isNull()) {
        String text = far.get("text").textValue();
        int[] ids = a.encode(text);
        assertThat(far.get("tokensA").intValue()).isEqualTo(ids.length);
        assertThat(far.get("cutA")).hasSize(ids.length);
        assertThat(far.get("cutA").get(ids.length - 1).intValue())
            .isEqualTo(text.getBytes(UTF_8).length);
      }
    }
    long all = result.at("/texts/bytes").longValue();
    assertThat(bytes).isBetween(all * 9 / 10, all);
    assertThat(Files.readString(folder.resolve("compared.html")))
        .startsWith("<!doctype html>")
        .contains(result.at("/vocabularies/0/sha256").textValue())
        .contains("cyrillic letters");
  }

  @Test
  void resultsShowTheNameThatIsGiven() throws IOException {
    Path page = folder.resolve("named.html");
    String line = "compare little=%s europe=%s --input %s %s";
    CommandLineRun shown =
        CommandLineRun.line(line, small, large.getParent(), CORPUS, "--html=" + page).succeeded();
    assertThat(shown.out()).startsWith("A  little\nB  europe\n");
    assertThat(Files.readString(page)).contains("\"little\"", "\"europe\"");
    JsonNode named =
        parsed(CommandLineRun.line(line, small, large, CORPUS, "--json").succeeded().out());
    assertThat(named.at("/vocabularies").findValuesAsText("name"))
        .containsExactly("little", "europe");
  }

  @Test
  void aPathMayHaveAnEqualsSign() throws IOException {
    Path here = Files.createTempFile(Path.of(""), "a=", ".json");
    try {
      Files.copy(small, here, StandardCopyOption.REPLACE_EXISTING);
      Path below = Files.createDirectories(folder.resolve("size=400"));
      Files.copy(small, below.resolve("tokenizer.json"));
      String line = "compare %s %s --input %s";
      assertThat(CommandLineRun.line(line, here, below, CORPUS).succeeded().out())
          .startsWith("A  %s\nB  %s/tokenizer.json\n".formatted(here, below));
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void aTokenizerThatIsNotThereIsNamed() {
    CommandLineRun run =
        CommandLineRun.of("compare", small.toString(), "none.json", "--input", CORPUS.toString());
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("none.json").doesNotContain("\tat ");
  }
}
