package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.manifest.Manifest;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRows;
import org.merganser.text.HfLibrary;

/** What others make of the sample's output: HF's Rust library of its ids, DuckDB of its files. */
@Tag("run")
final class SampleOracleTest {
  @TempDir static Path folder;
  private static Path out;
  private static int endOfText;

  @BeforeAll
  static void runTheSample() throws IOException {
    out = folder.resolve("sample");
    Jobs.sample(out).succeeded();
    endOfText =
        new JsonMapper()
            .readTree(out.resolve("tokenizer/vocab.json").toFile())
            .path("<|endoftext|>")
            .asInt(-1);
    assertThat(endOfText).isZero();
  }

  /** The documents of the corpus by id, in order, as any JSON reader reads them. */
  private static Map<String, String> texts() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String file : List.of("asia", "europe", "symbols-and-code")) {
      Path path = Path.of("sample-data/corpus/" + file + ".jsonl");
      for (String line : Files.readAllLines(path)) {
        JsonNode record = new JsonMapper().readTree(line);
        texts.put(record.path("id").asText(), record.path("text").asText());
      }
    }
    return texts;
  }

  private static String shards() {
    return "read_parquet('" + out + "/shards/parquet/*.parquet')";
  }

  @Test
  void givesTheIdsThatHuggingFacesLibraryGives() throws IOException {
    Map<String, String> texts = texts();
    Map<String, int[]> ids = new LinkedHashMap<>();
    ShardRows.of(out.resolve("shards/parquet"))
        .forEach(row -> ids.put(row.docId, ShardRows.ids(row)));
    assertThat(ids.keySet()).containsExactlyElementsOf(texts.keySet()).hasSize(16);
    try (HfLibrary hf =
        HfLibrary.open(Files.readAllBytes(out.resolve("tokenizer/tokenizer.json")))) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        int[] expected = hf.encode(text.getValue(), false).ids();
        assertThat(ids.get(text.getKey()))
            .as(text.getKey())
            .isEqualTo(IntStream.concat(IntStream.of(expected), IntStream.of(endOfText)).toArray());
      }
    }
  }

  @Test
  void givesDuckDbItsShards() throws SQLException, IOException {
    Manifest manifest = MerganserRun.manifest(out.toString());
    assertThat(
            Duck.query(
                "select count(*), sum(num_tokens), bool_and(len(token_ids) = num_tokens),"
                    + " bool_and(token_ids[-1] = %s), count(distinct doc_id), max(part),"
                    + " min(\"offset\") from %s",
                endOfText, shards()))
        .containsExactly("16|" + manifest.totals().sums().tokens() + "|true|true|16|0|0");
    assertThat(
            Duck.query("select file, count(*) > 0 from %s group by file order by file", shards()))
        .containsExactly("asia.jsonl|true", "europe.jsonl|true", "symbols-and-code.jsonl|true");
    assertThat(Duck.query("select count(distinct \"group\") >= 13 from " + shards()))
        .containsExactly("true");
  }

  @Test
  void countsTheVocabularyRowsAsDuckDbDoes() throws SQLException {
    String rows = "'" + out + "/embedded/rows.parquet'";
    String table = "'sample-data/embeddings.parquet'";
    assertThat(
            Duck.query(
                "with used as (select unnest(token_ids) as id from %s), counted as (select id,"
                    + " count(*) as n from used group by id) select count(*) > 0, count(*) ="
                    + " (select count(*) from counted), bool_and(n = \"count\"),"
                    + " bool_and(r.embedding = t.embedding) from %s r join counted using (id) join"
                    + " %s t using (id)",
                shards(), rows, table))
        .containsExactly("true|true|true|true");
    assertThat(
            Duck.query(
                "select bool_and(id > previous) from (select id, lag(id, 1, -1) over (order by"
                    + " file_row_number) as previous from read_parquet(%s, file_row_number ="
                    + " true))",
                rows))
        .containsExactly("true");
  }

  @Test
  void poolsTheMeanOfADocumentsVectorsWithoutItsEnd() throws SQLException {
    List<String> found =
        Duck.query(
            "with ids as (select doc_id, unnest(token_ids) as id from %s), cells as (select id,"
                + " unnest(embedding) as v, generate_subscripts(embedding, 1) as d from"
                + " 'sample-data/embeddings.parquet'), means as (select doc_id, d, avg(v::double)"
                + " as m from ids join cells using (id) where id <> %s group by doc_id, d), pooled"
                + " as (select doc_id, unnest(embedding) as v, generate_subscripts(embedding, 1) as"
                + " d from '%s/embedded/pooled/*.parquet') select count(*), count(distinct doc_id),"
                + " max(abs(m - v)) < 1e-6, max(abs(v)) > 1e-4 from means join pooled using"
                + " (doc_id, d)",
            shards(), endOfText, out);
    assertThat(found).containsExactly(16 * 32 + "|16|true|true");
  }
}
