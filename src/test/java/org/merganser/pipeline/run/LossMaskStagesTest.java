package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.RenderedChats;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** Loss masks beside everything else that a run can make of documents. */
@Tag("run")
final class LossMaskStagesTest {
  private static final String CORPUS =
      "corpus: { inputs: [ %s ], format: jsonl, segmentsField: messages, validation: %s }\n";

  @TempDir static Path folder;
  private static Path out;

  @BeforeAll
  static void runOnce() throws IOException {
    Random random = new Random(Seeds.next());
    RenderedChats.write(folder.resolve("chats.jsonl"), random, 300);
    RenderedChats.write(folder.resolve("more.jsonl"), random, 100);
    Jobs.table(folder + "/table.parquet", 330, 4);
    out =
        run(
            "out",
            CORPUS.formatted("chats.jsonl", "0.1")
                + """
                tokenizer: { train: { vocabSize: 320, pattern: gpt2, minFrequency: 1,
                  specialTokens: [ "<|endoftext|>" ] } }
                shards: { formats: [ parquet, npy, bin ], preset: hf, keep: [ id ],
                  partitionBy: lang, endOfDocument: "<|endoftext|>", pack: { length: 24 } }
                embeddings: { table: table.parquet, output: [ rows, pooled, sequence ] }
                """);
  }

  private static Path run(String name, String job) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), job + "output: " + name + "\n");
    CommandLineRun.of("run", file.toString()).succeeded();
    return folder.resolve(name);
  }

  private static void assertVerified(Path run) {
    CommandLineRun verified = CommandLineRun.of("verify", run.toString(), "--full");
    assertThat(verified.succeeded().out()).contains("compared with");
  }

  @Test
  void labelsPassOverWhatHasNoLoss() throws Exception {
    for (String shards : List.of("shards/parquet", "validation/parquet", "shards/packed/parquet")) {
      assertThat(
              Duck.query(
                  "SELECT count(*) > 10, bool_and(labels = list_transform(input_ids, (id, i) ->"
                      + " CASE WHEN assistant_masks[i] = 1 THEN id ELSE -100 END)),"
                      + " min(list_min(labels)), max(list_max(assistant_masks)) FROM"
                      + " '%s/%s/*/*.parquet'",
                  out, shards))
          .as(shards)
          .containsExactly("true|true|-100|1");
    }
  }

  @Test
  void foldersOfGroupsAndKeptFieldsAreAsWithoutMasks() throws Exception {
    assertVerified(out);
    assertThat(
            Duck.query(
                "SELECT DISTINCT lang, bool_and(\"id\" = doc_id) OVER () FROM read_parquet("
                    + "'%s/shards/parquet/*/*.parquet', hive_partitioning = true) ORDER BY lang"
                        .formatted(out)))
        .containsExactly("de|true", "en|true");
    for (String lang : List.of("de", "en")) {
      Path npy = out.resolve("shards/packed/npy/lang=" + lang);
      String packed = out + "/shards/packed/parquet/lang=" + lang + "/*.parquet";
      assertThat(NumPy.run("loss_flags.py", npy))
          .isEqualTo(
              Duck.query("SELECT sum(list_sum(assistant_masks))::BIGINT FROM '" + packed + "'"));
    }
  }

  @Test
  void embeddedSequencesHaveTheFlagOfEachId() throws Exception {
    String parquet = out + "/shards/parquet/*/*.parquet";
    String sequence = out + "/embedded/sequence/*.parquet";
    assertThat(
            Duck.query(
                "SELECT list(id ORDER BY position), list(loss_mask ORDER BY position) FROM '%s'"
                    + " GROUP BY doc_id ORDER BY doc_id",
                sequence))
        .hasSizeGreaterThan(200)
        .isEqualTo(
            Duck.query(
                "SELECT input_ids, assistant_masks FROM '%s' WHERE len(input_ids) > 0 ORDER BY"
                    + " doc_id",
                parquet));
    assertThat(Duck.query("SELECT count(*) > 200 FROM '" + out + "/embedded/pooled/*.parquet'"))
        .containsExactly("true");
    Path embedded = folder.resolve("embedded");
    CommandLineRun.line(
            "embed --run %s --table %s/table.parquet --output %s", out, folder, embedded)
        .succeeded();
    assertThat(OutputTree.sums(embedded, "embedded/pooled/"))
        .isEqualTo(OutputTree.sums(out, "embedded/pooled/"));
  }

  @Test
  void runsWithMasksAreAppendedToAndMerged() throws Exception {
    String tokenizer = "tokenizer: { load: out }\nshards: { endOfDocument: \"<|endoftext|>\" }\n";
    Path grown = run("grown", CORPUS.formatted("chats.jsonl", "0") + tokenizer);
    String both =
        CORPUS.formatted("chats.jsonl, more.jsonl", "0").replace(" }", ", append: true }");
    run("grown", both + tokenizer);
    assertVerified(grown);
    Path more = run("more", CORPUS.formatted("more.jsonl", "0") + tokenizer);
    Path alone = run("alone", CORPUS.formatted("chats.jsonl", "0") + tokenizer);
    Path merged = folder.resolve("merged");
    CommandLineRun.of(
            "merge", alone.toString(), more.toString(), "--to", "npy,bin", "--output", merged + "")
        .succeeded();
    List<String> expected =
        Duck.query(
            "SELECT sum(len(token_ids)) || ' ' || sum(list_sum(loss_mask)) FROM"
                + " '%s/shards/parquet/*.parquet'",
            grown);
    assertThat(NumPy.run("merged_loss_flags.py", merged)).isEqualTo(expected);
    JsonNode totals = Json.MAPPER.readTree(grown.resolve("manifest.json").toFile()).path("totals");
    assertThat(totals.path("tokens") + " " + totals.path("lossTokens")).isEqualTo(expected.get(0));
  }
}
