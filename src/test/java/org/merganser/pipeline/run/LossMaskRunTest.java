package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.RenderedChats;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.text.HfLibrary;

/** Runs over documents with segments: ids and loss masks. */
@Tag("run")
final class LossMaskRunTest {
  private static final String JOB =
      """
      corpus: { inputs: [ chats.jsonl ], format: jsonl, segmentsField: messages }
      tokenizer: { train: { vocabSize: 320, pattern: gpt2, minFrequency: 1, normalizer: nfc,
        specialTokens: [ "<|endoftext|>" ] } }
      shards: { endOfDocument: "<|endoftext|>" }
      """;

  @TempDir static Path folder;
  private static final Map<String, List<RenderedChats.Segment>> CHATS = new TreeMap<>();
  private static CommandLineRun first;

  @BeforeAll
  static void runOnce() throws IOException {
    Path file = folder.resolve("chats.jsonl");
    CHATS.putAll(RenderedChats.write(file, new Random(Seeds.next()), 200));
    StringBuilder alone = new StringBuilder();
    for (List<RenderedChats.Segment> chat : CHATS.values()) {
      for (RenderedChats.Segment segment : chat) {
        alone.append(Json.MAPPER.createObjectNode().put("text", segment.text())).append('\n');
      }
    }
    Files.writeString(folder.resolve("alone.jsonl"), alone);
    Files.writeString(
        file, "{\"id\":\"bad\",\"messages\":[{\"text\":\"a\"}]}\n", StandardOpenOption.APPEND);
    first = run("out", JOB, "corpus.maxDeadLetterRate=1").succeeded();
  }

  private static CommandLineRun run(String out, String job, String... settings) throws IOException {
    Path file = Files.writeString(folder.resolve(out + ".yaml"), job + "output: " + out + "\n");
    return CommandLineRun.with(List.of(settings), "run", file.toString());
  }

  /** The ids and the mask of each document. */
  private static Map<String, List<int[]>> rows(String out) throws IOException {
    Map<String, List<int[]>> rows = new TreeMap<>();
    for (ShardRow row : ShardRows.of(folder.resolve(out).resolve("shards/parquet"))) {
      int[] mask = Objects.requireNonNull(row.mask);
      rows.put(row.docId, List.of(ShardRows.ids(row), Arrays.copyOf(mask, row.count)));
    }
    return rows;
  }

  @Test
  void idsAreThoseOfEachSegmentAlone() throws IOException {
    Map<String, List<int[]>> rows = rows("out");
    assertThat(rows.keySet()).isEqualTo(CHATS.keySet());
    byte[] json = Files.readAllBytes(folder.resolve("out/tokenizer/tokenizer.json"));
    try (HfLibrary hf = HfLibrary.open(json)) {
      int end = hf.encode("<|endoftext|>", false).ids()[0];
      CHATS.forEach(
          (id, chat) -> {
            List<Integer> ids = new ArrayList<>();
            List<Integer> mask = new ArrayList<>();
            for (RenderedChats.Segment segment : chat) {
              for (int token : hf.encode(segment.text(), false).ids()) {
                ids.add(token);
                mask.add(segment.loss() ? 1 : 0);
              }
            }
            ids.add(end);
            mask.add(chat.get(chat.size() - 1).loss() ? 1 : 0);
            assertThat(rows.get(id).get(0)).as(id).containsExactly(ids.toArray(Integer[]::new));
            assertThat(rows.get(id).get(1)).as(id).containsExactly(mask.toArray(Integer[]::new));
          });
    }
  }

  @Test
  void theVocabularyIsLearnedFromTheSegmentsAsTheyAreEncoded() throws IOException {
    String job = JOB.replace("chats.jsonl", "alone.jsonl").replace(", segmentsField: messages", "");
    run("alone", job).succeeded();
    assertThat(folder.resolve("alone/tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("out/tokenizer/tokenizer.json"));
  }

  @Test
  void badSegmentsAreDeadLettersAndCountsAreThoseOfTheShards() throws IOException {
    JsonNode manifest = Json.MAPPER.readTree(folder.resolve("out/manifest.json").toFile());
    assertThat(first.out()).contains("invalid-segments");
    long tokens = rows("out").values().stream().mapToLong(row -> row.get(0).length).sum();
    long loss =
        rows("out").values().stream().mapToLong(row -> Arrays.stream(row.get(1)).sum()).sum();
    assertThat(manifest.path("totals").path("lossTokens").longValue()).isEqualTo(loss).isPositive();
    assertThat(first.out())
        .containsPattern("  with loss +" + String.format(Locale.ROOT, "%,d", loss));
    assertThat(Files.readString(folder.resolve("out/inputs.jsonl")))
        .containsPattern("\"lossTokens\" ?: ?" + loss);
    assertThat(Files.readString(folder.resolve("out/report.html"))).contains("tokens with loss");
    assertThat(Files.readString(folder.resolve("out/statistics.json")))
        .containsPattern("\"lossTokens\" ?: ?" + loss);
    assertThat(manifest.toString()).contains("\"tokens\":" + tokens);
    run(
            "count",
            "corpus: { inputs: [ chats.jsonl ], format: jsonl, segmentsField: messages }\n"
                + "tokenizer: { load: out }\nshards: { formats: [],"
                + " endOfDocument: \"<|endoftext|>\" }\n",
            "corpus.maxDeadLetterRate=1")
        .succeeded();
    assertThat(Files.readString(folder.resolve("count/manifest.json")))
        .containsPattern("\"tokens\" ?: ?" + tokens)
        .containsPattern("\"lossTokens\" ?: ?" + loss);
  }

  @Test
  void verifyFindsAMaskThatTheSourceDoesNotGive() throws IOException {
    Path copy = Files.copy(folder.resolve("chats.jsonl"), folder.resolve("copy.jsonl"));
    run("checked", JOB.replace("chats", "copy"), "corpus.maxDeadLetterRate=1").succeeded();
    String out = folder.resolve("checked").toString();
    assertThat(CommandLineRun.of("verify", out, "--full").succeeded().out())
        .contains("compared with");
    FileTime time = Files.getLastModifiedTime(copy);
    String swapped =
        Files.readString(copy)
            .replaceAll("\"loss\":true(}[^\n]*?\"loss\":)false", "\"loss\":false$1true");
    Files.writeString(copy, swapped);
    Files.setLastModifiedTime(copy, time);
    CommandLineRun verified = CommandLineRun.of("verify", out, "--full").endedWith(1);
    assertThat(verified.out() + verified.err())
        .contains(
            "source  shards/parquet/part-0000000-000.parquet: is not what the inputs of unit 0");
  }

  @Test
  void theColumnIsCalledAsTrainersCallIt() throws Exception {
    run("hf", JOB, "corpus.maxDeadLetterRate=1", "shards.preset=hf").succeeded();
    String parquet = folder.resolve("hf/shards/parquet") + "/*.parquet";
    assertThat(Duck.query("select column_name from (describe '" + parquet + "')"))
        .contains("input_ids", "assistant_masks", "attention_mask");
    assertThat(
            Duck.query(
                "select count(*), sum(list_sum(assistant_masks)) from '%s' where len(input_ids) ="
                        .formatted(parquet)
                    + " len(assistant_masks)"))
        .isEqualTo(
            Duck.query(
                "select 200, sum(list_sum(loss_mask)) from '%s/*.parquet'",
                folder.resolve("out/shards/parquet")));
  }

  @Test
  void aSpecialTokenIsFoundInASegmentAndNotAcrossTwo() throws IOException {
    Files.writeString(
        folder.resolve("special.jsonl"),
        """
        {"id":"in","messages":[{"text":"low ","loss":true},{"text":"a<|endoftext|>","loss":true}]}
        {"id":"two","messages":[{"text":"<|endof","loss":false},{"text":"text|>","loss":true}]}
        """);
    CommandLineRun done =
        run(
                "special",
                "corpus: { inputs: [ special.jsonl ], format: jsonl, segmentsField: messages,"
                    + " maxDeadLetterRate: 1 }\ntokenizer: { load: out, specialText: reject }\n")
            .succeeded();
    assertThat(rows("special").keySet()).containsExactly("two");
    assertThat(done.out()).contains("special-token");
    String letters =
        CommandLineRun.of("cat", folder.resolve("special").toString(), "--dead-letters")
            .succeeded()
            .out();
    assertThat(letters).contains("\"<|endoftext|>\" at byte 5");
  }

  @Test
  void segmentsAreReadFromFilesWhoseFormatNobodyNamed() throws IOException {
    Path mixed = Files.createDirectories(folder.resolve("mixed"));
    Files.copy(folder.resolve("chats.jsonl"), mixed.resolve("chats.jsonl"));
    Files.writeString(mixed.resolve("notes.txt"), "No segments.\n");
    String job = JOB.replace("chats.jsonl", "mixed").replace("format: jsonl", "format: auto");
    CommandLineRun run = run("auto", job, "corpus.maxDeadLetterRate=1").succeeded();
    assertThat(run.out()).contains("notes.txt gave no document (unsupported 1)");
    assertThat(CommandLineRun.of("cat", folder.resolve("auto").toString(), "--dead-letters").out())
        .contains("the file has no segments (corpus.segmentsField)");
    Map<String, List<int[]>> expected = rows("out");
    rows("auto").forEach((id, row) -> assertThat(row.get(1)).isEqualTo(expected.get(id).get(1)));
    assertThat(rows("auto").keySet()).isEqualTo(expected.keySet());
  }

  @Test
  void refusesWhatWouldLoseTheMask() throws IOException {
    String refused =
        run(
                "bad",
                JOB,
                "shards.formats=[parquet, npy, megatron, litdata, bin]",
                "shards.bin.header=llmc",
                "shards.columns={lossMask: null}",
                "corpus.textField=body",
                "corpus.inputs=[{path: chats.jsonl, textField: x}, {path: a.txt, format: text}]",
                "corpus.format=text")
            .endedWith(2)
            .err();
    assertThat(refused)
        .contains("corpus.textField: cannot be combined with corpus.segmentsField")
        .contains("corpus.format: text has no segments (corpus.segmentsField)")
        .contains("corpus.inputs[0].textField: cannot be combined with corpus.segmentsField")
        .contains("corpus.inputs[1].format: text has no segments")
        .contains("shards.formats: megatron has no place for the loss mask of ids; these have")
        .contains("shards.formats: litdata has no place")
        .contains("shards.formats: bin with the header of llm.c has no place")
        .contains("shards.columns.lossMask: null")
        .doesNotContain("npy has no place");
    String out = folder.resolve("out").toString();
    String to = folder.resolve("converted").toString();
    assertThat(
            CommandLineRun.of("convert", out, "--to", "megatron", "--output", to)
                .endedWith(2)
                .err())
        .contains("shards.formats: megatron has no place for the loss mask of ids")
        .contains("the documents of")
        .contains("have one");
    assertThat(
            run("bad", JOB.replace(", segmentsField: messages", ""), "shards.columns={lossMask: m}")
                .endedWith(2)
                .err())
        .contains("shards.columns.lossMask: there is no loss mask without corpus.segmentsField");
    run(
            "plain",
            "corpus: { inputs: [ alone.jsonl ] }\ntokenizer: { load: out }\n"
                + "shards: { endOfDocument: \"<|endoftext|>\" }\n")
        .succeeded();
    assertThat(
            run("bad", "shards: { from: plain, formats: [ npy ], columns: { lossMask: m } }\n")
                .endedWith(2)
                .err())
        .contains("shards.columns.lossMask: the documents of");
    assertThat(
            run("bad", "shards: { from: out, shuffle: { seed: 1 }, columns: { lossMask: null } }\n")
                .endedWith(2)
                .err())
        .contains(
            "shards.columns.lossMask: null leaves out the loss mask of ids; the documents of");
    assertThat(
            CommandLineRun.of(
                    "merge", out, folder.resolve("plain").toString(), "--to", "npy", "--output", to)
                .endedWith(2)
                .err())
        .contains("have a loss mask (corpus.segmentsField), those of")
        .contains("as one segment with loss: true");
  }
}
