package org.merganser.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.report.measure.TextSums;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;

/** The figures of statistics.json against plain counts over the sample's texts. */
@Tag("run")
final class StatisticsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path out;
  private static Statistics statistics;
  private static Tokenizer tokenizer;
  private static final Map<Integer, Long> COUNTS = new TreeMap<>();
  private static final List<String> TEXTS = new ArrayList<>();
  private static CommandLineRun ran;

  @BeforeAll
  static void runTheSample() throws IOException {
    out = folder.resolve("out");
    ran =
        CommandLineRun.line(
                "run pipelines/sample.yaml --set output=%s --set tokenizer.train.vocabSize=1500"
                    + " --verbose --set report.reference=%s",
                out, reference())
            .succeeded();
    Path json = out.resolve("statistics.json");
    statistics = Statistics.read(Files.readAllBytes(json), json.toString());
    tokenizer = Tokenizer.read(out.resolve("tokenizer/tokenizer.json"));
    for (Path file : OutputTree.paths(Path.of("sample-data/corpus"))) {
      for (String line : Files.readAllLines(file)) {
        TEXTS.add(JSON.readTree(line).path("text").asText());
      }
    }
    for (String text : TEXTS) {
      IntStream.of(tokenizer.encode(text)).forEach(id -> COUNTS.merge(id, 1L, Long::sum));
    }
    COUNTS.merge(tokenizer.id("<|endoftext|>"), (long) TEXTS.size(), Long::sum);
  }

  private static Path reference() throws IOException {
    Path other = folder.resolve("other");
    Path text = Files.writeString(folder.resolve("other.txt"), "the low lower lowest ".repeat(50));
    Jobs.train(other, "--input %s --vocab-size 280 --pattern gpt2", text);
    return other.resolve("tokenizer.json");
  }

  private static long tokens() {
    return COUNTS.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void countsTextAndTokens() {
    long bytes = TEXTS.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum();
    assertThat(statistics.documents()).isEqualTo(TEXTS.size());
    assertThat(statistics.bytes()).isEqualTo(bytes);
    assertThat(statistics.tokens()).isEqualTo(tokens());
    assertThat(statistics.bytesPerToken().doubleValue())
        .isCloseTo((double) bytes / tokens(), within(1e-6));
  }

  @Test
  void countsTheUseOfTheVocabulary() {
    VocabularyFigures v = statistics.vocabulary();
    assertThat(v.size()).isEqualTo(1500);
    assertThat(v.used()).isEqualTo(COUNTS.size());
    assertThat(v.unused().values().stream().mapToInt(VocabularyFigures.Tokens::count).sum())
        .isEqualTo(1500 - COUNTS.size());
    assertThat(v.unused().get(UnusedTokens.Kind.RESIDUE).ids())
        .isNotEmpty()
        .noneMatch(COUNTS::containsKey);
    long often = COUNTS.values().stream().filter(count -> count >= 10).count();
    assertThat(statistics.use().rareTokens()).isEqualTo((int) (1500 - often));
    List<Long> sorted = COUNTS.values().stream().sorted((a, b) -> Long.compare(b, a)).toList();
    for (VocabularyUse.Place place : statistics.use().zipf()) {
      assertThat(place.count()).isEqualTo(sorted.get((int) place.rank() - 1));
    }
    double sum = 0;
    for (long count : COUNTS.values()) {
      sum += Math.pow((double) count / tokens(), 2.5);
    }
    assertThat(statistics.use().renyiEfficiency().doubleValue())
        .isCloseTo(Math.log(sum) / (1 - 2.5) / Math.log(1500), within(1e-6));
  }

  @Test
  void aSmallerVocabularyOfTheSameTrainingCostsWhatEncodingWithItCosts() throws IOException {
    assertThat(statistics.sizes())
        .extracting(SizeCurve.Point::vocabulary)
        .containsExactly(512, 1024, 1500);
    byte[] json = Files.readAllBytes(out.resolve("tokenizer/tokenizer.json"));
    for (SizeCurve.Point point : statistics.sizes()) {
      ObjectNode tree = (ObjectNode) JSON.readTree(json);
      ArrayNode merges = (ArrayNode) tree.path("model").path("merges");
      while (merges.size() > point.merges()) {
        merges.remove(merges.size() - 1);
      }
      Tokenizer cut = Tokenizer.read(JSON.writeValueAsBytes(tree), "cut.json");
      Map<Integer, Long> counts = new TreeMap<>();
      counts.put(tokenizer.id("<|endoftext|>"), (long) TEXTS.size());
      for (String text : TEXTS) {
        IntStream.of(cut.encode(text)).forEach(id -> counts.merge(id, 1L, Long::sum));
      }
      long tokens = counts.values().stream().mapToLong(Long::longValue).sum();
      assertThat(point.tokens()).as("with %s merges", point.merges()).isEqualTo(tokens);
    }
  }

  @Test
  void letterByLetterTheTextCostsItsCharacters() {
    Set<String> letters = new HashSet<>();
    long characters = 0;
    for (String written : TEXTS) {
      String text = tokenizer.decode(tokenizer.encode(written)); // normalized
      characters += text.codePointCount(0, text.length());
      text.codePoints()
          .filter(c -> !Character.isWhitespace(c))
          .forEach(c -> letters.add(Character.toString(c)));
    }
    TextSums measured = statistics.measured();
    assertThat(measured.characters()).isEqualTo(characters);
    assertThat(measured.changed()).isZero();
    GranularityCost byLetter =
        statistics.granularities().stream()
            .filter(g -> g.unit().equals("letter"))
            .findFirst()
            .get();
    assertThat(byLetter.vocabulary()).isBetween((long) letters.size(), letters.size() + 10L);
    assertThat(byLetter.tokens()).isEqualTo(characters);
  }

  @Test
  void comparesWithTheReferenceOfTheJob() throws IOException {
    VocabularyComparison comparison = statistics.comparison();
    assertThat(comparison.vocabularies()).hasSize(2);
    Tokenizer other = Tokenizer.read(folder.resolve("other/tokenizer.json"));
    long tokens = TEXTS.stream().mapToLong(text -> other.encode(text).length).sum();
    MeasuredVocabulary own = comparison.vocabularies().get(0).figures();
    assertThat(own.vocabulary()).isEqualTo(1500);
    assertThat(own.tokens()).isEqualTo(tokens() - TEXTS.size());
    assertThat(own.groups()).isNotEmpty();
    assertThat(comparison.vocabularies().get(1).figures().tokens())
        .isCloseTo(tokens, within(100L)); // of normalized text
    assertThat(comparison.differences()).hasSize(1);
    assertThat(comparison.differences().get(0).kinds()).isNotEmpty();
  }

  @Test
  void theVerdictIsPrintedAndEveryFailureSaysWhatToDo() {
    for (Check check : statistics.verdict()) {
      assertThat(check.advice().isEmpty()).isEqualTo(check.passed());
      if (!check.passed()) {
        assertThat(ran.out()).contains(check.name());
      }
    }
  }

  @Test
  void thePageIsMadeAgainWithoutTheCorpusAndHoldsItsFigures() throws IOException {
    Path page = out.resolve("report.html");
    byte[] first = Files.readAllBytes(page);
    Files.delete(page);
    CommandLineRun.of("report", out.toString()).succeeded();
    assertThat(Files.readAllBytes(page)).isEqualTo(first);
    String html = Files.readString(page);
    int from = html.indexOf("id=\"data\">") + "id=\"data\">".length();
    JsonNode data = JSON.readTree(html.substring(from, html.indexOf("</script>", from)));
    assertThat(data.path("statistics").path("tokens").asLong()).isEqualTo(tokens());
    assertThat(html).doesNotContain("http://").doesNotContain("src=\"");
  }

  @Test
  void saysWhereThereIsNothingToReportOn() {
    CommandLineRun none = CommandLineRun.of("report", folder.resolve("none").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("has no manifest.json");
  }
}
