package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.manifest.Manifest;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** How many documents begin and end with the ids that are meant for that. */
@Tag("run")
final class DocumentMarksTest {
  @TempDir Path folder;
  private Path data;
  private Path tokenizer;

  @BeforeEach
  void trainATokenizer() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String text = "a rose is a rose " + i;
      String first = i % 4 == 0 ? "<s>" : "";
      String last = i % 5 == 0 ? "</s>" : "";
      lines.add(
          "{\"id\":\"%d\",\"lang\":\"%s\",\"text\":\"%s%s%s\"}"
              .formatted(i, i % 2 == 0 ? "en" : "de", first, text, last));
    }
    Files.write(data.resolve("a.jsonl"), lines);
    tokenizer = folder.resolve("tokenizer");
    CommandLineRun.line(
            "train --input %s --vocab-size 300 --pattern gpt2 --special-token <s>"
                + " --special-token </s> --output %s",
            data, tokenizer)
        .succeeded();
  }

  private Path encode(String name, String... settings) {
    Path out = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("run", "pipelines/sample.yaml"));
    args.add("--set=corpus={inputs: ['" + data + "'], format: auto}");
    args.add("--set=tokenizer={load: '" + tokenizer + "', specialText: parse}");
    args.add("--set=shards={}");
    args.add("--set=embeddings=null");
    args.add("--set=learn=null");
    args.add("--set=report={granularities: false}");
    args.add("--set=output=" + out);
    for (String setting : settings) {
      args.add("--set=" + setting);
    }
    CommandLineRun.of(args.toArray(String[]::new)).succeeded();
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains("is whole", " compared with their source");
    return out;
  }

  private static DocumentMarks marks(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "it")
        .totals()
        .sums()
        .marks();
  }

  private static JsonNode statistics(Path out) throws IOException {
    return Json.MAPPER.readTree(Files.readAllBytes(out.resolve("statistics.json")));
  }

  /** The slow twin: counts over the rows of all shards. */
  private static DocumentMarks counted(Path out, Integer begin, Integer end) throws IOException {
    long begun = 0;
    long ended = 0;
    List<ShardRow> rows = ShardRows.of(out.resolve("shards/parquet"));
    for (int i = 0; i < rows.size(); i++) {
      ShardRow row = rows.get(i);
      int[] ids = ShardRows.ids(row);
      begun += begin != null && row.part == 0 && ids.length > 0 && ids[0] == begin ? 1 : 0;
      boolean last = i + 1 == rows.size() || rows.get(i + 1).part == 0;
      ended += end != null && last && ids.length > 0 && ids[ids.length - 1] == end ? 1 : 0;
    }
    return new DocumentMarks(begin, end, begun, ended);
  }

  private void config(String json) throws IOException {
    Files.writeString(tokenizer.resolve("tokenizer_config.json"), json);
  }

  @Test
  void theFileBesideTheTokenizerNamesThem() throws IOException {
    config("{\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": \"</s>\"}");
    Path out = encode("out");
    assertThat(marks(out)).isEqualTo(new DocumentMarks(0, 1, 10, 8)).isEqualTo(counted(out, 0, 1));
    assertThat(statistics(out).path("begun").toString())
        .isEqualTo("{\"id\":0,\"token\":\"<s>\",\"documents\":10,\"share\":0.25}");
    assertThat(statistics(out).path("ended").path("documents").asInt()).isEqualTo(8);
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("begin with ", "10 of 40 documents", "8 of 40 documents");

    // With groups in folders, and another file beside the tokenizer.
    Path groups = encode("groups", "shards.partitionBy=lang", "corpus.validation=0.2");
    assertThat(marks(groups)).isEqualTo(counted(groups, 0, 1));
    config("{\"bos_token\": \"</s>\", \"eos_token\": \"no such token\"}");
    assertThat(marks(encode("out"))).isEqualTo(new DocumentMarks(1, null, 0, 0));
  }

  @Test
  void theTemplateComesFirstAndTheJobLast() throws IOException {
    config("{\"bos_token\": \"</s>\"}");
    assertThat(marks(encode("job", "shards.endOfDocument=</s>")))
        .isEqualTo(new DocumentMarks(1, 1, 0, 40));
    Files.delete(tokenizer.resolve("tokenizer_config.json"));
    assertThat(marks(encode("none"))).isNull();
    assertThat(statistics(folder.resolve("none")).has("begun")).isFalse();

    Path file = tokenizer.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(Files.readAllBytes(file));
    json.set(
        "post_processor",
        Json.MAPPER.readTree(
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}
            """));
    Files.write(file, Json.MAPPER.writeValueAsBytes(json));
    config("{\"bos_token\": \"</s>\", \"eos_token\": \"</s>\"}");
    assertThat(marks(encode("template"))).isEqualTo(new DocumentMarks(0, 1, 10, 8));
  }

  @Test
  void thePartsOfADocumentCountAsOne() throws IOException {
    Files.delete(data.resolve("a.jsonl"));
    config("{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    for (int i = 0; i < 3; i++) {
      String text =
          (i == 2 ? "" : "<s>") + "a rose is a rose ".repeat(300) + (i == 1 ? "" : "</s>");
      Files.writeString(data.resolve(i + ".txt"), text);
    }
    Path out = encode("parts", "corpus.maxDocumentBytes=1024");
    assertThat(ShardRows.of(out.resolve("shards/parquet"))).hasSizeGreaterThan(12);
    assertThat(marks(out)).isEqualTo(new DocumentMarks(0, 1, 2, 2)).isEqualTo(counted(out, 0, 1));
  }

  @Test
  void theFullCheckCountsThemAgain() throws IOException {
    config("{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    Path out = encode("out");
    Path file = out.resolve(Manifest.FILE);
    String manifest = Files.readString(file);
    assertThat(manifest).contains("\"begun\" : 10");
    Files.writeString(file, manifest.replace("\"begun\" : 10", "\"begun\" : 11"));
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").endedWith(1).out())
        .contains("manifest.json (begun): 10 found, the manifest says 11");
  }
}
