package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.checksum.Sha256;
import org.merganser.parquet.ColumnarReader;
import org.merganser.shard.Duck;
import org.merganser.store.ChecksummedFile;

class EmbeddingTableTest {
  @TempDir Path dir;

  private static float[][] random(long seed, int rows, int dim) {
    Random random = new Random(seed);
    float[][] table = new float[rows][dim];
    for (float[] row : table) {
      for (int i = 0; i < dim; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return table;
  }

  private Path write(float[][] table) throws IOException {
    Path file = dir.resolve("table.parquet");
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, table[0].length, "F32", "a test", "ab")) {
      for (int id = 0; id < table.length; id++) {
        out.write(id % 3 == 0 ? null : "t" + id, table[id], 0);
      }
    }
    return file;
  }

  private Path duckTable(String select) throws Exception {
    Path file = dir.resolve("duck.parquet");
    Duck.query("copy (" + select + ") to '" + file + "'");
    return file;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 4", "100, 7, 64", "1000, 33, 1000", "3000, 300, 1200", "5, 3, 1"})
  void lookupsEqualTheTableAcrossChunkBorders(int rows, int dim, int chunkBytes) throws Exception {
    float[][] expected = random(rows, rows, dim);
    EmbeddingTable table = EmbeddingTable.open(0, write(expected), dir.resolve("flat"), chunkBytes);
    assertThat(table.rows()).isEqualTo(rows);
    assertThat(table.dim()).isEqualTo(dim);
    float[] row = new float[dim + 2];
    for (int id = rows - 1; id >= 0; id--) {
      table.row(id, row, 2);
      for (int i = 0; i < dim; i++) {
        assertThat(row[i + 2]).isEqualTo(expected[id][i]);
      }
    }
  }

  @Test
  void theFlatFileIsNamedByTheSumMadeOnceAndUsedAgain() throws Exception {
    Path parquet = write(random(1, 50, 8));
    Path scratch = dir.resolve("flat");
    EmbeddingTable table = EmbeddingTable.open(0, parquet, scratch);
    Path flat = scratch.resolve(Sha256.of(parquet) + "-8.f32");
    assertThat(table.sha256()).isEqualTo(Sha256.of(parquet));
    assertThat(flat).hasSize(50 * 8 * 4 + ChecksummedFile.SUM_BYTES);
    Object before = Files.readAttributes(flat, "unix:ino").get("ino");
    EmbeddingTable.open(0, parquet, scratch);
    assertThat(Files.readAttributes(flat, "unix:ino").get("ino")).isEqualTo(before);
    Files.writeString(flat, "cut short by a full disk");
    EmbeddingTable.open(0, parquet, scratch);
    assertThat(flat).hasSize(50 * 8 * 4 + ChecksummedFile.SUM_BYTES);
    byte[] whole = Files.readAllBytes(flat);
    float[] expected = row(EmbeddingTable.open(0, parquet, scratch), 3);
    Files.delete(flat); // what is mapped stays as it is
    Files.write(flat, whole);
    for (int at : new int[] {0, 700, whole.length - 80, whole.length - 1}) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      Files.delete(flat);
      Files.write(flat, flipped);
      EmbeddingTable again = EmbeddingTable.open(0, parquet, scratch);
      assertThat(flat).hasBinaryContent(whole);
      assertThat(row(again, 3)).isEqualTo(expected);
    }
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files).containsExactly(flat);
    }
  }

  private static float[] row(EmbeddingTable table, int id) {
    float[] row = new float[table.dim()];
    table.row(id, row, 0);
    return row;
  }

  @Test
  void aFileThatCannotBeOpenedAnyMoreIsNotCalledDamaged() throws Exception {
    Path file = write(random(1, 50, 8));
    try (ColumnarReader in = new ColumnarReader(file)) {
      Files.delete(file);
      assertThat(in.nextRow(() -> {})).isTrue();
      assertThatThrownBy(() -> new ColumnarReader(file))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(file.toString());
    }
  }

  /** Thrift keeps the text in the footer as it is, so that any byte of it can be another. */
  @Test
  void aDamagedNameOfTheWriterIsSaidToBeDamage() throws Exception {
    Path file = write(random(1, 50, 8));
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int at = text.lastIndexOf("parquet-mr");
    assertThat(at).isPositive();
    for (int i = at; i < at + 30; i++) {
      for (char other : new char[] {0, ' ', '(', 0xFF}) {
        StringBuilder damaged = new StringBuilder(text);
        damaged.setCharAt(i, other);
        Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);
        try {
          assertThat(EmbeddingTable.open(50, file, dir.resolve("flat")).rows()).isEqualTo(50);
        } catch (EmbeddingException e) {
          assertThat(e).hasMessageContaining(file.toString());
        }
      }
    }
  }

  @Test
  void namesTheIdThatIsNotInTheTable() throws Exception {
    EmbeddingTable table = EmbeddingTable.open(0, write(random(1, 50, 8)), dir.resolve("flat"));
    for (int id : new int[] {-1, 50}) {
      assertThatThrownBy(() -> table.row(id, new float[8], 0))
          .isInstanceOf(EmbeddingException.class)
          .hasMessage("id " + id + " is not in the table of 50 rows");
    }
  }

  @Test
  void duckDbReadsTheTable() throws Exception {
    Path file = write(new float[][] {{1.5f, -2}, {0, 4}});
    assertThat(
            Duck.query(
                "select id, token, embedding, array_distance(embedding::float[2], [0,0]::float[2])"
                    + " from '%s'",
                file))
        .containsExactly("0|null|[1.5, -2.0]|2.5", "1|t1|[0.0, 4.0]|4.0");
    assertThat(
            Duck.query(
                "select decode(key) || '=' || decode(value) from parquet_kv_metadata('%s')", file))
        .containsExactly(
            "merganser.dim=2",
            "merganser.dtype=F32",
            "merganser.source=a test",
            "merganser.tokenizer.sha256=ab");
  }

  @Test
  void readsATableThatDuckDbWrote() throws Exception {
    Path file =
        duckTable(
            "select i::int as id, [i, i + 0.5]::float[] as embedding, 'x' as more"
                + " from range(5000) t(i)");
    EmbeddingTable table = EmbeddingTable.open(5000, file, dir.resolve("flat"));
    assertThat(table.dim()).isEqualTo(2);
    float[] row = new float[2];
    table.row(4999, row, 0);
    assertThat(row).containsExactly(4999f, 4999.5f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select i::int id, [i]::float[] embedding from (values (0),(1),(1)) t(i)"
            + "|id 1 comes after id 1: duplicate or unsorted",
        "select i::int id, [i]::float[] embedding from (values (0),(2)) t(i)"
            + "|id 1 is missing: the row after id 0 has id 2",
        "select i::int id, [i]::float[] embedding from (values (1),(2)) t(i)"
            + "|id 0 is missing: the first row has id 1",
        "select i::int id, [i]::float[] embedding from (values (0),(1),(0)) t(i)"
            + "|id 0 comes after id 1: duplicate or unsorted",
        "select i::int id, [i]::float[] embedding from (values (0),(-4)) t(i)"
            + "|id 1 is missing: the row after id 0 has id -4",
        "select i::int id, [1]::float[] embedding from (values (0),(NULL)) t(i)"
            + "|the row after id 0 has no id",
        "select i::int id, range(1 + i // 2)::float[] embedding from range(4) t(i)"
            + "|the vector of id 2 has 2 values, that of id 0 1",
        "select i::int id, []::float[] embedding from range(4) t(i)" + "|the vector of id 0 ",
        "select i::int id, [1, if(i = 3, 'nan', '1')::float]::float[] embedding from range(4) t(i)"
            + "|the vector of id 3 has NaN at 1",
        "select i::int id, [if(i = 2, '-inf', '1')::float]::float[] embedding from range(4) t(i)"
            + "|the vector of id 2 has -Infinity at 0",
        "select i::int id, [1, if(i = 2, NULL, 1)]::float[] embedding from range(4) t(i)"
            + "|a list has no value (null)",
        "select i::varchar id, [1]::float[] embedding from range(4) t(i)"
            + "|has no column \"id\" of whole numbers",
        "select i::int id, 1::float embedding from range(4) t(i)"
            + "|has 0 columns that are lists of FLOAT, DOUBLE or FLOAT16",
      })
  void refusesATableWithTheFirstOffendingId(String select, String message) throws Exception {
    Path file = duckTable(select);
    Files.createDirectories(dir.resolve("flat"));
    assertThatThrownBy(() -> EmbeddingTable.open(0, file, dir.resolve("flat")))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("duck.parquet")
        .hasMessageContaining(message);
    try (Stream<Path> files = Files.walk(dir.resolve("flat"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    } catch (NoSuchFileException notEvenTheFolder) {
      assertThat(dir.resolve("flat")).doesNotExist();
    }
  }

  @Test
  void refusesFewerRowsThanTheVocabularyAndTakesPadding() throws Exception {
    Path file = write(random(1, 50, 8));
    assertThatThrownBy(() -> EmbeddingTable.open(53, file, dir.resolve("flat")))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("has 50 rows, the vocabulary needs 53: ids 50 to 52 are missing");
    assertThat(EmbeddingTable.open(50, file, dir.resolve("flat")).rows()).isEqualTo(50);
    assertThat(EmbeddingTable.open(12, file, dir.resolve("flat")).rows()).isEqualTo(50);
  }

  @Test
  void aStandardDeviationWhoseValuesAreNoFloatsIsRefused() {
    assertThatThrownBy(
            () -> EmbeddingTableInit.write(dir.resolve("large.parquet"), 2, 2, 1e39, 42, null))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageStartingWith("std is 1.0E39, and a random value of ")
        .hasMessageEndingWith(" is too large for F32; take a smaller std");
  }

  @Test
  void theSeededTableIsTheSameEverywhereAndNormal() throws Exception {
    Path one = dir.resolve("one.parquet");
    EmbeddingTableInit.write(one, 2000, 64, 0.02, 42, "ab");
    Path two = dir.resolve("two.parquet");
    EmbeddingTableInit.write(two, 2000, 64, 0.02, 42, "ab");
    assertThat(Files.mismatch(one, two)).isEqualTo(-1);
    EmbeddingTableInit.write(two, 2000, 64, 0.02, 43, "ab");
    assertThat(Files.mismatch(one, two)).isNotEqualTo(-1);
    assertThat(
            Duck.query(
                "select count(*), abs(round(avg(v), 3)), round(stddev(v), 3),"
                    + " abs(round(kurtosis(v), 1)) from (select unnest(embedding) v from '%s')",
                one))
        .containsExactly("128000|0.0|0.02|0.0");
  }
}
