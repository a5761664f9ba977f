package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.store.UnusableFileException;

class ParquetShardTest {
  @TempDir Path dir;

  private static ShardRow row(String docId, int... ids) {
    return ShardRows.row(docId, "a/b.jsonl", 7, 0, ids);
  }

  private Path write(String name, List<ShardRow> rows) throws IOException {
    Path file = dir.resolve(name);
    try (ParquetShardWriter out =
        new ParquetShardWriter(
            file,
            Map.of("z", "1", ParquetShardWriter.TOKENIZER_SHA256, "ab"),
            ShardColumns.DOCUMENTS)) {
      for (ShardRow row : rows) {
        row.ids = Arrays.copyOf(row.ids, row.count + 3); // ids beyond count must not be written
        out.write(row);
      }
    }
    return file;
  }

  private static void assertReads(Path file, List<ShardRow> rows, String description)
      throws IOException {
    try (ShardReader in = new ShardReader(file)) {
      ShardRow row = new ShardRow();
      for (ShardRow r : rows) {
        assertThat(in.next(row)).as(description).isTrue();
        assertThat(row.docId).isEqualTo(r.docId);
        assertThat(row.file).isEqualTo(r.file);
        assertThat(row.offset).isEqualTo(r.offset);
        assertThat(row.part).isEqualTo(r.part);
        assertThat(row.group).isEqualTo(r.group);
        assertThat(ShardRows.ids(row)).as(description).isEqualTo(ShardRows.ids(r));
      }
      assertThat(in.next(row)).isFalse();
      assertThat(in.next(row)).isFalse();
    }
  }

  /** Documents of all lengths, in several pages and row groups, with every width of index. */
  private static List<ShardRow> randomRows(Random random, int rows, int bound, int longest) {
    List<ShardRow> result = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int[] ids = new int[random.nextInt(5) == 0 ? random.nextInt(4) : random.nextInt(longest)];
      for (int k = 0; k < ids.length; k++) {
        ids[k] = (int) (bound * random.nextDouble() * random.nextDouble());
      }
      String group = random.nextBoolean() ? null : List.of("de", "", "中文").get(i % 3);
      ShardRow row = ShardRows.row("doc-" + i + "-🌲", "f/" + i / 100, 1L << i % 60, i % 3, ids);
      row.group = group;
      result.add(row);
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, 256, 257, 32_000, 65_536, 65_537, 200_000, 1 << 25})
  void readsBackWhatItWroteForEveryWidthOfId(int bound) throws IOException {
    long seed = Seeds.next();
    List<ShardRow> rows = randomRows(new Random(seed), 3_000, bound, 700);
    assertReads(write("random.parquet", rows), rows, "seed " + seed);
  }

  @Test
  void writesSeveralRowGroups() throws Exception {
    List<ShardRow> rows = randomRows(new Random(5), 300, 50_000, 60_000);
    Path file = write("groups.parquet", rows);
    assertReads(file, rows, "seed 5");
    assertThat(
            Duck.query("select count(distinct row_group_id) > 1 from parquet_metadata('%s')", file))
        .containsExactly("true");
    long sum =
        rows.stream().flatMapToInt(r -> Arrays.stream(ShardRows.ids(r))).asLongStream().sum();
    assertThat(
            Duck.query(
                "select sum(list_sum(token_ids)), bool_and(len(token_ids) = num_tokens), count(*)"
                    + " from '%s'",
                file))
        .containsExactly(sum + "|true|300");
  }

  @Test
  void duckDbSeesTheSchemaTheListsAndTheMetadata() throws Exception {
    ShardRow last = ShardRows.row("中", "c", 1L << 40, 2, 0);
    last.group = "de";
    List<ShardRow> rows = List.of(row("first", 5, 65_535, 5), row("empty"), last);
    Path file = write("duck.parquet", rows);
    assertThat(
            Duck.query("select column_name, column_type, \"null\" from (describe '" + file + "')"))
        .containsExactly(
            "doc_id|VARCHAR|YES",
            "file|VARCHAR|YES",
            "offset|BIGINT|YES",
            "part|INTEGER|YES",
            "group|VARCHAR|YES",
            "num_tokens|INTEGER|YES",
            "token_ids|INTEGER[]|YES");
    assertThat(
            Duck.query(
                "select doc_id, file, \"offset\", part, \"group\", num_tokens, len(token_ids),"
                    + " token_ids[1], token_ids[-1] from '%s'",
                file))
        .containsExactly(
            "first|a/b.jsonl|7|0|null|3|3|5|5",
            "empty|a/b.jsonl|7|0|null|0|0|null|null",
            "中|c|1099511627776|2|de|1|1|0|0");
    assertThat(Duck.query("select decode(key), decode(value) from parquet_kv_metadata('%s')", file))
        .containsExactly(ParquetShardWriter.TOKENIZER_SHA256 + "|ab", "z|1");
    assertThat(
            Duck.query(
                "select name, repetition_type, converted_type from parquet_schema('%s') where name"
                    + " in ('group', 'doc_id', 'element', 'token_ids')",
                file))
        .containsExactly(
            "doc_id|REQUIRED|UTF8",
            "group|OPTIONAL|UTF8",
            "token_ids|REQUIRED|LIST",
            "element|REQUIRED|null");
  }

  @Test
  void theDictionaryIsReadByDuckDbForEveryWidthOfItsIndexes() throws Exception {
    for (int distinct : new int[] {256, 257, 65_536, 65_537}) {
      int[] ids = new int[20 * distinct];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = 3 * (i % distinct);
      }
      Path file = write("width" + distinct + ".parquet", List.of(row("a", ids), row("b", 3, 0)));
      assertThat(
              Duck.query(
                  "select encodings from parquet_metadata('%s') where path_in_schema like"
                      + " 'token_ids%%'",
                  file))
          .singleElement()
          .asString()
          .contains("RLE_DICTIONARY");
      assertThat(
              Duck.query(
                  "select list_sum(token_ids), token_ids[257], token_ids[-1] from '%s'", file))
          .containsExactly(
              Arrays.stream(ids).asLongStream().sum() + "|" + ids[256] + "|" + ids[ids.length - 1],
              "3|null|0");
      assertReads(file, List.of(row("a", ids), row("b", 3, 0)), "distinct " + distinct);
    }
  }

  @Test
  void theSameRowsGiveTheSameBytes() throws IOException {
    List<ShardRow> rows = randomRows(new Random(1), 500, 9_000, 300);
    assertThat(Files.readAllBytes(write("one.parquet", rows)))
        .isEqualTo(Files.readAllBytes(write("two.parquet", rows)));
  }

  @Test
  void anEmptyShardIsAShard() throws Exception {
    Path file = write("empty.parquet", List.of());
    assertReads(file, List.of(), "empty");
    assertThat(Duck.query("select count(*) from '" + file + "'")).containsExactly("0");
  }

  @Test
  void refusesANegativeIdWithItsDocument() {
    assertThatThrownBy(() -> write("negative.parquet", List.of(row("d9", 4, -1))))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("document \"d9\": id -1 at 1 is negative");
  }

  @Test
  void namesAFileThatIsNotParquetOrNotAShard() throws Exception {
    Path text = Files.writeString(dir.resolve("text.parquet"), "hello, this is no parquet file");
    assertThatThrownBy(() -> new ShardReader(text))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("text.parquet is not a readable Parquet file");
    Path other = dir.resolve("other.parquet");
    Duck.query("copy (select 1 as a) to '" + other + "'");
    assertThatThrownBy(() -> new ShardReader(other))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("is not an id shard: its columns are [optional int32 a")
        .hasMessageContaining("doc_id");
  }

  @Test
  void everyFlippedByteIsNoticedOrHarmless() throws IOException {
    List<ShardRow> rows = randomRows(new Random(3), 40, 900, 60);
    byte[] good = Files.readAllBytes(write("good.parquet", rows));
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      Path file = Files.write(dir.resolve("bad.parquet"), bad);
      try (ShardReader in = new ShardReader(file)) {
        ShardRow row = new ShardRow();
        while (in.next(row)) {
          assertThat(row.count).isNotNegative();
        }
      } catch (UnusableFileException | IOException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(200);
  }
}
