package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** A record with a part that is refused leaves nothing in the vocabulary and in the shards. */
@Tag("run")
final class RefusedRecordsRunTest {
  @TempDir static Path folder;

  /** Ids and texts of several parts each; those with a dash are refused. */
  private static final List<Map.Entry<String, String>> RECORDS = new ArrayList<>();

  @BeforeAll
  static void makeRecords() throws IOException {
    String europe = Files.readString(Path.of("sample-data/corpus/europe.jsonl"));
    String words = europe.replaceAll("[^a-zA-Z ]+", " ");
    for (int i = 0; i < 12; i++) {
      String text = words.substring(3000 * i, 3000 * (i + 1));
      boolean refused = i % 3 == 1;
      // in the first, a middle and the last part
      int at = (i / 3) * 900;
      String found = " <|endoftext|> zyxwvu" + i + " zyxwvu" + i + " ";
      RECORDS.add(
          Map.entry(
              (refused ? "-" : "") + i,
              refused ? text.substring(0, at) + found + text.substring(at) : text));
    }
    RECORDS.add(Map.entry("again", RECORDS.get(0).getValue()));
  }

  private static Path write(Path corpus, String format, boolean refusedToo) throws Exception {
    Files.createDirectories(corpus);
    List<Map.Entry<String, String>> records =
        RECORDS.stream().filter(r -> refusedToo || !r.getKey().startsWith("-")).toList();
    String lines =
        records.stream()
            .map(
                r -> Json.MAPPER.createObjectNode().put("id", r.getKey()).put("text", r.getValue()))
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
    Path json = Files.writeString(corpus.resolve("a.jsonl"), lines);
    if (!format.equals("jsonl")) {
      Duck.query("COPY (FROM read_json('%s')) TO '%s/a.%s'", json, corpus, format);
      Files.delete(json);
    }
    return corpus;
  }

  private static Path run(String name, Path corpus, String... settings) {
    Path out = folder.resolve(name);
    Jobs.lean(
            out,
            List.of(
                "corpus.inputs=['" + corpus + "']",
                "corpus.format=auto",
                "corpus.maxDeadLetterRate=1",
                "corpus.maxDocumentBytes=1024",
                "corpus.deduplicate=exact",
                "corpus.validation=0.2",
                "shards.groupBy=null",
                "tokenizer.specialText=reject",
                "tokenizer.train.specialTokens=['<|endoftext|>']",
                "tokenizer.train.vocabSize=600",
                "embeddings=null"),
            settings)
        .succeeded();
    return out;
  }

  private static Manifest manifest(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "manifest");
  }

  private static List<String> rows(Path out) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String side : List.of("shards/parquet", "validation/parquet")) {
      for (ShardRow row : ShardRows.of(out.resolve(side))) {
        rows.add(row.docId + " " + row.part + " " + Arrays.toString(ShardRows.ids(row)));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "csv", "parquet"})
  void theOutputIsThatOfACorpusWithoutTheRefusedRecords(String format) throws Exception {
    Path all = run(format, write(folder.resolve("in-" + format), format, true));
    Path clean = run(format + "-clean", write(folder.resolve("clean-" + format), format, false));
    assertThat(all.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(clean.resolve("tokenizer/tokenizer.json"));
    assertThat(Files.readString(all.resolve("tokenizer/tokenizer.json"))).doesNotContain("yxw");
    List<String> rows = rows(all);
    assertThat(rows.equals(rows(clean))).isTrue();
    assertThat(rows.size()).isEqualTo(48);
    assertThat(manifest(all).totals().sums().deadLetters()).isEqualTo(Map.of("special-token", 4L));
    assertThat(
            manifest(all).totals().sums().documents()
                + manifest(all).totals().sums().validation().documents())
        .isEqualTo(8);
    assertThat(manifest(all).totals().sums().duplicates()).isEqualTo(1);
    assertThat(Json.MAPPER.readTree(all.resolve("inputs.jsonl").toFile()).get("records").asInt())
        .isEqualTo(13);
    assertThat(Duck.query("SELECT count(*) FROM read_json('%s/dead-letters/*.zst')", all))
        .containsExactly("4");
    assertThat(FolderVerification.verify(all.toString(), true, List.of()).findings()).isEmpty();
  }

  /** The later night sees the refused records of the first one as the first one did. */
  @Test
  void anAppendedNightKeepsTheSameRecords() throws Exception {
    Path corpus = write(folder.resolve("nights"), "jsonl", true);
    Path trained = folder.resolve("nights-vocabulary");
    Jobs.train(
        trained,
        "--input %s --vocab-size 400 --pattern gpt2 --special-token <|endoftext|>",
        write(folder.resolve("learned"), "jsonl", false));
    String[] growing = {
      "tokenizer={load: '" + trained + "/tokenizer.json', specialText: reject}",
      "corpus.append=true",
      "corpus.validation=0",
      "corpus.deduplicate=none"
    };
    Path out = run("night", corpus, growing);
    long before = manifest(out).totals().sums().documents();
    Files.copy(corpus.resolve("a.jsonl"), corpus.resolve("b.jsonl"));
    run("night", corpus, growing);
    assertThat(manifest(out).totals().sums().documents()).isEqualTo(2 * before).isEqualTo(18);
    assertThat(manifest(out).totals().sums().deadLetters()).isEqualTo(Map.of("special-token", 8L));
    assertThat(FolderVerification.verify(out.toString(), true, List.of()).findings()).isEmpty();
  }

  /** A character of one part that the vocabulary lacks; the command that only counts agrees. */
  @Test
  void aRecordOfWhichAPartIsNotEncodableIsOneDeadLetterForEncodeAndCount() throws Exception {
    Path tokenizer = Files.createDirectories(folder.resolve("ascii")).resolve("tokenizer.json");
    Path trained = folder.resolve("jsonl-vocabulary");
    Jobs.train(
        trained,
        "--input %s --vocab-size 400 --pattern gpt2",
        write(folder.resolve("plain"), "jsonl", false));
    String json = Files.readString(trained.resolve("tokenizer.json"));
    // the vocabulary loses the byte 0xC3, of which é begins
    Files.writeString(tokenizer, json.replaceFirst("\"Ã\":", "\"gone\":"));
    Path corpus = Files.createDirectories(folder.resolve("accents"));
    String plain = "plain words without accents ".repeat(200);
    Files.writeString(
        corpus.resolve("a.jsonl"),
        "{\"text\":\"" + plain + "\"}\n{\"text\":\"" + plain + "é " + plain + "\"}\n");
    Path out =
        run(
            "accents-out",
            corpus,
            "tokenizer={load: '" + tokenizer + "'}",
            "corpus.deduplicate=none",
            "corpus.validation=0",
            "shards.endOfDocument=null");
    assertThat(manifest(out).totals().sums().documents()).isEqualTo(1);
    assertThat(manifest(out).totals().sums().deadLetters()).isEqualTo(Map.of("not-encodable", 1L));
    String counted =
        CommandLineRun.line(
                "count --tokenizer %s --input %s --set corpus.maxDocumentBytes=1024"
                    + " --set corpus.maxDeadLetterRate=1 --json",
                tokenizer, corpus)
            .succeeded()
            .out();
    JsonNode totals = Json.MAPPER.readTree(counted);
    assertThat(totals.findValue("deadLetters").toString()).isEqualTo("{\"not-encodable\":1}");
    assertThat(totals.findValue("tokens").asLong())
        .isEqualTo(manifest(out).totals().sums().tokens());
  }
}
