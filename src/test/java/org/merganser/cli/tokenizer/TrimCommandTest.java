package org.merganser.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.embedding.TableReader;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.FileVersion;

/** {@code trim}: the tokenizer, the map of ids, and the shards and the table with new ids. */
final class TrimCommandTest {
  private static final String CORPUS = "sample-data/corpus/europe.jsonl";

  @TempDir static Path folder;
  private static Path run;
  private static Path json;

  @BeforeAll
  static void encode() {
    Path trained = folder.resolve("trained");
    Jobs.train(
        trained,
        "--input %s --vocab-size 900 --pattern qwen2 --special-token <|endoftext|>",
        CORPUS);
    run = folder.resolve("run");
    json = trained.resolve("tokenizer.json");
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --end-of-document <|endoftext|> --output %s",
            json, CORPUS, run)
        .succeeded();
  }

  private static CommandLineRun trim(Path output, String... more) {
    return CommandLineRun.line("trim %s --output %s %s", json, output, more);
  }

  private static Map<String, int[]> shards(Path of) throws IOException {
    Map<String, int[]> documents = new LinkedHashMap<>();
    for (ShardRow row : ShardRows.of(of.resolve("shards/parquet"))) {
      documents.put(row.docId, ShardRows.ids(row));
    }
    return documents;
  }

  @Test
  void shardsAreThoseThatEncodingWithTheTrimmedTokenizerGives() throws IOException {
    Path trimmed = folder.resolve("smaller");
    CommandLineRun said = trim(trimmed, "--keep-vocab", "500", "--run", run.toString()).succeeded();
    assertThat(said.out()).contains("400 tokens removed, 500 tokens left");
    Path again = folder.resolve("again");
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --end-of-document <|endoftext|> --output %s",
            trimmed, CORPUS, again)
        .succeeded();
    Map<String, int[]> expected = shards(again);
    Map<String, int[]> rewritten = shards(trimmed);
    assertThat(expected).isNotEmpty();
    assertThat(rewritten.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((id, ids) -> assertThat(rewritten.get(id)).as(id).isEqualTo(ids));
    assertThat(said.out()).contains(shards(run).size() + " rows in shards");
    CommandLineRun.of(
            "cat", trimmed.toString(), "--tokenizer", trimmed.resolve("tokenizer.json").toString())
        .succeeded();
  }

  @Test
  void theVersionOfTheFileIsThatAskedFor() throws IOException {
    Path first = folder.resolve("version-1");
    trim(first, "--keep-vocab", "600").succeeded();
    Path second = folder.resolve("version-2");
    trim(second, "--keep-vocab", "600", "--file-version", "2").succeeded();
    assertThat(second.resolve("tokenizer.json"))
        .hasBinaryContent(Tokenizer.read(first.resolve("tokenizer.json")).toJson(FileVersion.V2));
    // A file of version 2 is trimmed as well, and written in version 1 unless asked.
    Path back = folder.resolve("version-1-again");
    CommandLineRun.line("trim %s --keep-vocab 600 --output %s", second, back).succeeded();
    assertThat(Tokenizer.read(back.resolve("tokenizer.json")).toJson(FileVersion.V2))
        .isEqualTo(Files.readAllBytes(second.resolve("tokenizer.json")));
    assertThat(trim(back, "--keep-vocab", "600", "--file-version", "3").endedWith(2).err())
        .contains("--file-version is 3; it must be 1 or 2");
  }

  @Test
  void theMapAndTheTableLeadFromOldIdsToNewOnes() throws IOException {
    Path table = folder.resolve("table.parquet");
    Jobs.table(table, 904, 8);
    Path trimmed = folder.resolve("kinds");
    CommandLineRun said =
        CommandLineRun.line(
                "trim %s --output %s --remove unused,rare --rare 2 --input %s --table %s",
                json, trimmed, "sample-data/corpus/asia.jsonl", table)
            .succeeded();
    assertThat(said.out()).contains("must stay, such as #");
    Tokenizer before = Tokenizer.read(json);
    Tokenizer after = Tokenizer.read(trimmed.resolve("tokenizer.json"));
    JsonNode newIds = new JsonMapper().readTree(trimmed.resolve("ids.json").toFile()).get("newIds");
    List<float[]> rows = rows(table);
    List<float[]> selected = rows(trimmed.resolve("embeddings.parquet"));
    assertThat(newIds).hasSize(before.idBound());
    assertThat(selected).hasSize(after.idBound());
    int kept = 0;
    for (int id = 0; id < before.idBound(); id++) {
      if (newIds.get(id).isNull()) {
        assertThat(after.id(String.valueOf(before.token(id)))).isEqualTo(-1);
      } else {
        int newId = newIds.get(id).intValue();
        assertThat(after.token(newId)).isEqualTo(before.token(id));
        assertThat(selected.get(newId)).isEqualTo(rows.get(id));
        kept++;
      }
    }
    assertThat(kept).isEqualTo(after.idBound()).isLessThan(before.idBound());
  }

  private static List<float[]> rows(Path table) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (TableReader in = TableReader.ofTable(table)) {
      float[] row = new float[in.dim()];
      while (in.next(row)) {
        rows.add(row.clone());
      }
    }
    return rows;
  }

  @Test
  void removesListedIdsAndRefusesThoseThatMustStay() throws IOException {
    Path list = folder.resolve("ids.txt");
    Files.writeString(list, "899\n");
    Path trimmed = folder.resolve("listed");
    assertThat(trim(trimmed, "--ids", list.toString()).succeeded().out())
        .contains("1 token removed, 899 tokens left");
    Files.writeString(list, "899\n258\n");
    assertThat(trim(trimmed, "--ids", list.toString()).endedWith(2).err())
        .contains("id 258 cannot be removed: token #")
        .contains("is merged from it and stays");
    Files.writeString(list, "0\n");
    assertThat(trim(trimmed, "--ids", list.toString()).endedWith(2).err())
        .contains("id 0 cannot be removed: it is an added token");
    Files.writeString(list, "5\nx7\n");
    assertThat(trim(trimmed, "--ids", list.toString()).endedWith(2).err())
        .contains(
            "line 2 is \"x7\", which is no id of the tokenizer; each line is one of 0 to 899");
  }

  @Test
  void saysWhatMakesNoSense() throws IOException {
    Path output = folder.resolve("nothing");
    assertThat(trim(output).endedWith(2).err())
        .contains("one of --remove, --keep-vocab and --ids says what is removed");
    assertThat(trim(output, "--remove", "unused").endedWith(2).err())
        .contains("--remove unused needs --input");
    assertThat(trim(output, "--keep-vocab", "20").endedWith(2).err())
        .contains("20 tokens cannot be left of 900: 257 stay in any case");
    assertThat(trim(json.getParent(), "--keep-vocab", "600").endedWith(2).err())
        .contains(
            "is the output of a run, which may replace and delete files there; name another"
                + " folder");
    assertThat(trim(run, "--keep-vocab", "600", "--run", run.toString()).endedWith(2).err())
        .contains("--output " + run + ": is the output of a run");
    assertThat(ManifestVerification.check("" + run, true).findings()).isEmpty();
    String table = output + "/embeddings.parquet";
    assertThat(trim(output, "--keep-vocab", "600", "--table", table).endedWith(2).err())
        .contains("and the input " + table + " lie one in the other");
    assertThat(output).doesNotExist();
  }

  @Test
  void shardsOfAnotherTokenizerAreRefused() {
    Path other = folder.resolve("other");
    trim(other, "--keep-vocab", "800").succeeded();
    CommandLineRun refused =
        CommandLineRun.line(
            "trim %s --keep-vocab 700 --run %s --output %s",
            other.resolve("tokenizer.json"), run, folder.resolve("refused"));
    assertThat(refused.endedWith(2).err())
        .contains("was made with the tokenizer of sha256")
        .contains("name the run's own tokenizer");
  }
}
