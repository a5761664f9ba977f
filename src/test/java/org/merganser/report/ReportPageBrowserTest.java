package org.merganser.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.learn.ngram.SamplingStrategy;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.NodeJs;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * The page in a real Chromium, at three widths, light and dark: {@code src/test/node/page.js} opens
 * it and says what it found. Screenshots go to target/report-screenshots.
 */
@Tag("page")
final class ReportPageBrowserTest {
  private static final String TEXT = "the sun </script> e\u0301 \u202E\u0000 <|endoftext|>";
  private static final String HOSTILE = "<b>a</b></script>&lt;\u202E";
  private static final String BEGINNING = "Call me";

  @TempDir static Path folder;
  private static Path out;
  private static Tokenizer tokenizer;
  private static List<JsonNode> windows;
  private static List<JsonNode> comparisons;
  private static JsonNode small;

  @BeforeAll
  static void openThePage() throws IOException, InterruptedException {
    out = folder.resolve("out");
    CommandLineRun.line(
            "run pipelines/sample.yaml --set output=%s --set corpus.validation=0.2 --set %s --set"
                + " %s",
            out,
            "embeddings={learn: {dim: 16}, output: [rows]}",
            "report.reference=['" + reference("gpt2") + "', '" + reference("llama3") + "']")
        .succeeded();
    Path pictures = Files.createDirectories(Path.of("target/report-screenshots"));
    Files.writeString(
        folder.resolve("page-args.json"),
        Json.line(
            List.of(
                out.resolve("report.html").toString(),
                pictures.toAbsolutePath().toString(),
                compared(),
                small())));
    tokenizer = Tokenizer.read(out.resolve("tokenizer/tokenizer.json"));
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> seen =
        NodeJs.run("page.js", folder).stream().map(line -> parsed(mapper, line)).toList();
    windows = seen.stream().filter(line -> line.has("window")).toList();
    comparisons = seen.stream().filter(line -> line.has("compared")).toList();
    small = seen.stream().filter(line -> line.has("tokens")).findFirst().orElseThrow();
  }

  private static JsonNode parsed(ObjectMapper mapper, String line) {
    try {
      return mapper.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static String compared() {
    Path page = folder.resolve("compared.html");
    CommandLineRun.line(
            "compare %s %s --input sample-data/corpus --group-by lang --html %s",
            out, folder.resolve("gpt2"), page)
        .succeeded();
    return page.toString();
  }

  private static String small() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("texts"));
    Files.writeString(corpus.resolve("a.txt"), "Hill.\n");
    Files.writeString(corpus.resolve("b.txt"), "The sun rises over the hill.\n");
    Files.writeString(corpus.resolve("<i>.txt"), HOSTILE);
    Path run = folder.resolve("small");
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --output %s --end-of-document <|endoftext|>",
            out, corpus, run)
        .succeeded();
    return run.resolve("report.html").toString();
  }

  private static Path reference(String pattern) {
    Path to = folder.resolve(pattern);
    Jobs.train(
        to, "--input sample-data/corpus --format jsonl --vocab-size 400 --pattern %s", pattern);
    return to.resolve("tokenizer.json");
  }

  @Test
  void canBeReadInEveryWindow() {
    assertThat(windows).hasSize(6);
    for (JsonNode seen : windows) {
      assertThat(seen.path("said")).as("%s", seen.path("window")).isEmpty();
      assertThat(seen.path("found").asBoolean()).as("search").isTrue();
      assertThat(seen.path("tree").asBoolean()).as("merge tree").isTrue();
      assertThat(seen.path("examples").asBoolean()).as("examples").isTrue();
      assertThat(seen.path("card").asBoolean()).as("card, %s", seen.path("window")).isTrue();
    }
  }

  @Test
  void theComparisonCutsAPastedTextByBoth() throws IOException {
    Tokenizer gpt2 = Tokenizer.read(reference("gpt2"));
    for (JsonNode seen : comparisons) {
      assertThat(seen.path("beside").get(0).asText()).isEqualTo(ids(SpecialText.TEXT));
      assertThat(seen.path("beside").get(1).asText()).isEqualTo(ids(gpt2, SpecialText.TEXT));
      assertThat(seen.path("same").get(1)).isEqualTo(seen.path("beside").get(0));
    }
  }

  @Test
  void theComparisonCanBeReadInEveryWindow() {
    assertThat(comparisons).hasSize(6);
    for (JsonNode seen : comparisons) {
      assertThat(seen.path("said")).as("%s", seen.path("compared")).isEmpty();
    }
  }

  @Test
  void aPageOfShortTextsShowsThemAndNoTokenTwice() {
    assertThat(small.path("text").asText()).isEqualTo("The·sun·rises·over·the·hill.");
    assertThat(small.path("tokens")).hasSizeBetween(2, 7).doesNotHaveDuplicates();
  }

  @Test
  void textOfDocumentsIsNeverMarkup() {
    JsonNode hostile = small.path("shown");
    assertThat(hostile.path("name").asText()).isEqualTo("1. <i>.txt");
    assertThat(hostile.path("text").asText())
        .isEqualTo(HOSTILE.replace("\u202E", "[U+202E]") + "<|endoftext|>");
    assertThat(hostile.path("elements").toString())
        .isEqualTo("[\"<span class=\\\"special\\\">&lt;|endoftext|&gt;</span>\"]");
    assertThat(small.path("title").asText()).isEqualTo("small · Merganser");
  }

  @Test
  void encodesWhatIsPasted() {
    for (JsonNode seen : windows) {
      assertThat(seen.path("ids").asText()).isEqualTo(ids(SpecialText.TEXT));
      assertThat(seen.path("special").asText()).isEqualTo(ids(SpecialText.PARSE));
    }
  }

  /** Equal to the last bit: the page computes what Java does in the same order. */
  @Test
  void predictsWithTheProbabilitiesOfTheModel() throws IOException {
    Path file = out.resolve("learned/ngrams.bin");
    NgramModel model = NgramFile.read(Files.readAllBytes(file), file.toString());
    IdBuffer history = new IdBuffer(16);
    history.add(model.shape().begin());
    byte[] utf8 = BEGINNING.getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, history);
    double[] expected = new double[model.shape().symbols()];
    double[] drawn = new double[model.shape().symbols()];
    for (JsonNode seen : windows) {
      for (SamplingStrategy strategy : SamplingStrategy.values()) {
        String name = strategy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        JsonNode found = seen.path("predicted").path(name);
        model.distribution(history.ids(), 0, history.size(), expected);
        System.arraycopy(expected, 0, drawn, 0, drawn.length);
        strategy.apply(drawn, 5, 0.7);
        assertThat(found.path("first")).hasSize(strategy == SamplingStrategy.TOP_K ? 5 : 12);
        for (JsonNode bar : found.path("first")) {
          int id = bar.get(0).asInt();
          assertThat(Double.parseDouble(bar.get(1).asText())).as(name).isEqualTo(expected[id]);
          assertThat(Double.parseDouble(bar.get(2).asText()))
              .as(name)
              .isEqualTo(drawn[id], within(1e-12));
        }
        assertThat(found.path("second")).isNotEqualTo(found.path("first"));
      }
    }
  }

  @Test
  void continuesAsTheCommandDoes() {
    Map<String, String> options =
        Map.of(
            "greedy", "--seed=7",
            "random", "--seed=7",
            "top-k", "--seed=7 --k=5 --temperature=0.7",
            "temperature", "--seed=7 --temperature=0.7");
    for (String strategy : options.keySet()) {
      String said =
          CommandLineRun.line(
                  "predict --run %s --top=0 --max-tokens=21 "
                      + options.get(strategy)
                      + " --strategy=%s %s",
                  out,
                  strategy,
                  BEGINNING)
              .succeeded()
              .out();
      for (JsonNode seen : windows) {
        IdBuffer ids = new IdBuffer(32);
        String continued = seen.path("predicted").path(strategy).path("ids").asText();
        Arrays.stream(continued.split(" ")).mapToInt(Integer::parseInt).forEach(ids::add);
        String text = new String(tokenizer.decode(ids, false), StandardCharsets.UTF_8);
        assertThat(BEGINNING + text + "\n").as(strategy).isEqualTo(said);
      }
    }
  }

  private static String ids(SpecialText special) {
    return ids(tokenizer, special);
  }

  private static String ids(Tokenizer tokenizer, SpecialText special) {
    return Arrays.stream(tokenizer.newTextEncoder(special, false).encode(TEXT))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }
}
