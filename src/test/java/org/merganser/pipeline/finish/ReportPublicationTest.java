package org.merganser.pipeline.finish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Which documents the page shows, and that it shows none where the job wants none. */
@Tag("run")
final class ReportPublicationTest {
  private static final int DOCUMENTS = 60;

  @TempDir Path folder;

  @BeforeEach
  void writeACorpus() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < DOCUMENTS; i++) {
      String text = ("document number " + i + " ").repeat(i % 2 == 0 ? 300 : 3);
      lines.append(Json.line(Map.of("id", "d" + i, "text", text, "lang", "l" + i % 3)));
      lines.append('\n');
    }
    Files.writeString(folder.resolve("texts.jsonl"), lines);
    Files.writeString(folder.resolve("ids.txt"), "d1\nd2\nd3\nd4\nd5\n");
    Jobs.train(
        folder.resolve("other"),
        "--input %s --vocab-size 280 --pattern gpt2",
        folder.resolve("texts.jsonl"));
  }

  private CommandLineRun run(Path out, String... more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ texts.jsonl ], validation: 0.3, excludeIds: ids.txt }
            tokenizer: { train: { vocabSize: 300, pattern: gpt2, specialTokens: [ <end> ] } }
            shards: { endOfDocument: <end>, groupBy: lang, maxBytes: 2000 }
            report: { documents: 8, reference: %s }
            """
                .formatted(folder.resolve("other/tokenizer.json")));
    List<String> words = new ArrayList<>(List.of("run", file.toString(), "--set", "output=" + out));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new)).succeeded();
  }

  private static JsonNode part(Path out, String id) throws IOException {
    String html = Files.readString(out.resolve("report.html"));
    String mark = "id=\"" + id + "\">";
    int from = html.indexOf(mark) + mark.length();
    String text = html.substring(from, html.indexOf("</script>", from));
    if (id.equals("data")) {
      return Json.MAPPER.readTree(text);
    }
    byte[] packed = Base64.getDecoder().decode(text);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return Json.MAPPER.readTree(in.readAllBytes());
    }
  }

  @Test
  void showsDocumentsForTrainingChosenByAHash() throws IOException {
    Path out = folder.resolve("out");
    assertThat(run(out).out()).contains("it has text of 8 documents; report.documents: 0");
    Map<String, ShardRow> training = new TreeMap<>();
    ShardRows.of(out.resolve("shards/parquet")).forEach(row -> training.put(row.docId, row));
    assertThat(training).hasSizeBetween(20, 54).doesNotContainKeys("d1", "d2", "d3", "d4", "d5");
    JsonNode texts = part(out, "texts");
    assertThat(texts).hasSize(8);
    assertThat(texts.findValuesAsText("document")).doesNotHaveDuplicates();
    int cut = 0;
    for (JsonNode text : texts) {
      ShardRow row = training.get(text.path("document").asText());
      assertThat(row).as(text.path("document").asText()).isNotNull();
      assertThat(text.path("group").asText()).isEqualTo(row.group);
      assertThat(text.path("tokens").asInt()).isEqualTo(row.count);
      for (int i = 0; i < text.path("ids").size(); i++) {
        assertThat(text.path("ids").get(i).asInt()).isEqualTo(row.ids[i]);
      }
      cut += text.path("ids").size() < row.count ? 1 : 0;
    }
    assertThat(cut).isBetween(1, 7);
    assertThat(texts.findValuesAsText("document"))
        .doesNotContain(part(out, "data").path("sample").path("document").asText("missing"));
    Path other = folder.resolve("parallel");
    run(other, "--targetParallelism=3");
    assertThat(part(other, "texts")).isEqualTo(texts);
  }

  @Test
  void hasAnotherSampleThanTheFirstDocumentOfASmallCorpus() throws IOException {
    Path out = folder.resolve("out");
    run(out, "--set", "report.documents=1000");
    List<String> all = part(out, "texts").findValuesAsText("document");
    assertThat(all.subList(1, all.size()))
        .contains(part(out, "data").path("sample").path("document").asText());
  }

  private JsonNode sample(String vocabulary, String... documents) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < documents.length; i++) {
      lines.append(Json.line(Map.of("id", "d" + i, "text", documents[i]))).append('\n');
    }
    Path texts = Files.writeString(folder.resolve("languages.jsonl"), lines);
    Path out = folder.resolve("languages-" + vocabulary);
    CommandLineRun.line(
            "run %s --set corpus.inputs=%s --set tokenizer.train.vocabSize=%s --set output=%s --set"
                + " report.documents=1",
            Files.writeString(
                folder.resolve("languages.yaml"),
                "corpus: {}\ntokenizer: { train: { pattern: gpt2 } }\n"),
            texts,
            vocabulary,
            out)
        .succeeded();
    return part(out, "data").path("sample");
  }

  @Test
  void itsSampleIsInTheScriptThatMostOfTheCorpusHas() throws IOException {
    String greek = "Η θάλασσα είναι ήρεμη και ο ήλιος ανατέλλει πάνω από τα νησιά. ".repeat(2);
    String latin = "The tide is low and the sun rises over the islands. ".repeat(40);
    assertThat(sample("600", greek, greek + "!", latin, latin + "?").path("document").asText())
        .isIn("d2", "d3");
  }

  @Test
  void itsSampleIsNotOfFragmentsOfCharacters() throws IOException {
    StringBuilder rare = new StringBuilder(); // no character occurs twice, so nothing is merged
    for (int character = 0x4E00; character < 0x5A00; character++) {
      rare.appendCodePoint(character);
    }
    String latin = "The tide is low and the sun rises over the islands. ";
    assertThat(sample("270", rare.toString(), latin).path("document").asText()).isEqualTo("d1");
    assertThat(sample("256", rare.toString()).isNull()).isTrue();
  }

  @Test
  void hasNoTextOfADocumentWhereNoneIsWanted() throws IOException {
    Path out = folder.resolve("out");
    run(out);
    assertThat(part(out, "data").path("sample").path("text").asText()).contains("document");
    assertThat(part(out, "data").findValuesAsText("example").toString()).isNotEmpty();
    String data = Files.readString(out.resolve("outputs.jsonl"), UTF_8);
    assertThat(run(out, "--set", "report.documents=0").out())
        .contains("report.html" + System.lineSeparator())
        .doesNotContain("report.documents");
    assertThat(Files.readString(out.resolve("outputs.jsonl"), UTF_8)).isEqualTo(data);
    assertThat(part(out, "texts")).isEmpty();
    JsonNode page = part(out, "data");
    assertThat(page.path("documents")).isEmpty();
    assertThat(page.path("sample").isNull()).isTrue();
    ((ObjectNode) page).remove("identity");
    assertThat(page.toString()).doesNotContain("document number");
  }

  @Test
  void hasTheVocabularyOfAReferenceThatIsWhereTheJobNamesIt() throws IOException {
    Path out = folder.resolve("out");
    run(out);
    assertThat(part(out, "data").path("tokenizers").findValuesAsText("place")).containsExactly("1");
    Path reference = folder.resolve("other/tokenizer.json");
    Files.writeString(reference, Files.readString(reference) + "\n"); // another file
    CommandLineRun.of("report", out.toString()).succeeded();
    assertThat(part(out, "data").path("tokenizers")).isEmpty();
    Files.delete(reference);
    CommandLineRun.of("report", out.toString()).succeeded();
    assertThat(part(out, "data").path("tokenizers")).isEmpty();
  }

  @Test
  void thePlanSaysThatThePageHasText() throws IOException {
    Path out = folder.resolve("out");
    assertThat(run(out, "--explain").out())
        .contains("report.html has text of 8 documents at most (report.documents)");
    assertThat(run(out, "--explain", "--set", "report.documents=0").out())
        .doesNotContain("report.html");
  }
}
