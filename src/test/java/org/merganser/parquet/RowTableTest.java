package org.merganser.parquet;

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
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.store.UnusableFileException;

class RowTableTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            required int32 id;
            required binary name (STRING);
            required binary bytes;
            required int64 count;
            required group vector (LIST) { repeated group list { required float element; } }
            optional double weight;
          }
          """);

  @TempDir Path dir;

  /** A row with a field of each type. */
  static final class Row {
    int id;
    @Nullable String name = "";
    byte[] bytes = new byte[0];
    long count;
    float @Nullable [] vector = new float[0];
    @Nullable Double weight;

    @Override
    public String toString() {
      return id + " " + name + Arrays.toString(bytes) + count + Arrays.toString(vector) + weight;
    }
  }

  private static List<Row> rows(Random random, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Row row = new Row();
      row.id = random.nextInt();
      row.name = "ä" + random.nextInt(50);
      row.bytes = new byte[random.nextInt(9)];
      random.nextBytes(row.bytes);
      row.count = random.nextLong();
      row.vector = new float[random.nextInt(40)];
      for (int j = 0; j < row.vector.length; j++) {
        row.vector[j] = random.nextFloat();
      }
      row.weight = random.nextBoolean() ? random.nextDouble() : null;
      rows.add(row);
    }
    return rows;
  }

  private Path write(String name, List<Row> rows) throws IOException {
    Path file = dir.resolve(name);
    try (RowWriter<Row> out = new RowWriter<>(file, SCHEMA, Map.of("b", "1", "a", "2"))) {
      for (Row row : rows) {
        out.write(row);
      }
    }
    return file;
  }

  private static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Group group : ParquetRows.of(file)) {
      Row row = new Row();
      row.id = group.getInteger("id", 0);
      row.name = group.getString("name", 0);
      row.bytes = group.getBinary("bytes", 0).getBytes();
      row.count = group.getLong("count", 0);
      row.vector = ParquetRows.floats(group, "vector");
      boolean weighs = group.getFieldRepetitionCount("weight") > 0;
      row.weight = weighs ? (Double) group.getDouble("weight", 0) : null;
      rows.add(row);
    }
    return rows;
  }

  @Test
  void rowsComeBackAndTwoWritesGiveEqualBytes() throws IOException {
    long seed = Seeds.next();
    List<Row> rows = rows(new Random(seed), 5000);
    Path file = write("a.parquet", rows);
    assertThat(read(file)).as("seed " + seed).hasToString(rows.toString());
    assertThat(Files.readAllBytes(write("b.parquet", rows)))
        .as("seed " + seed)
        .isEqualTo(Files.readAllBytes(file));
    try (ColumnarReader in = new ColumnarReader(file)) {
      assertThat(in.schema()).isEqualTo(SCHEMA);
      assertThat(in.rows()).isEqualTo(5000);
      assertThat(in.metadata())
          .containsOnlyKeys("a", "b", "parquet.avro.schema", "writer.model.name")
          .containsEntry("a", "2");
    }
  }

  @Test
  void aDamagedFileIsRefusedOrGivesTheSameRows() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<Row> rows = rows(random, 300);
    byte[] whole = Files.readAllBytes(write("a.parquet", rows));
    Path damaged = dir.resolve("damaged.parquet");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = whole.clone();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(damaged, i % 10 == 0 ? Arrays.copyOf(whole, at) : bytes);
      List<float[]> back;
      try {
        back = vectors(damaged, "vector");
      } catch (UnusableFileException e) {
        assertThat(e).hasMessageContaining("damaged.parquet");
        refused++;
        continue;
      }
      // Bytes that this column has no part in: other columns, statistics, names of the writer.
      assertThat(back)
          .as("seed " + seed + ", byte " + at)
          .containsExactly(rows.stream().map(row -> row.vector).toArray(float[][]::new));
    }
    assertThat(refused).as("seed " + seed).isGreaterThan(100);
  }

  @Test
  void aSchemaThatAvroCannotExpressCreatesNoFile() {
    Path path = dir.resolve("refused.parquet");
    MessageType schema = MessageTypeParser.parseMessageType("message m { required int96 time; }");
    assertThatThrownBy(() -> new RowWriter<>(path, schema, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(path).doesNotExist();
  }

  @Test
  void aWriteThatFailsLeavesNoTable() throws IOException {
    Path file = dir.resolve("half.parquet");
    Row bad = new Row();
    bad.name = null;
    try (RowWriter<Row> out = new RowWriter<>(file, SCHEMA, Map.of())) {
      out.write(new Row());
      assertThatThrownBy(() -> out.write(bad)).isInstanceOf(RuntimeException.class);
    }
    assertThatThrownBy(() -> new ColumnarReader(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("half.parquet");
  }

  /** Writes rows whose column "other" holds a list; null is a group around it that is absent. */
  private Path lists(String column, float @Nullable []... lists) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required int32 id; " + column + " }");
    Path file = dir.resolve("lists.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (float[] list : lists) {
        Group row = new SimpleGroup(schema).append("id", 7);
        if (list != null) {
          fill(row, "other", list);
        }
        writer.write(row);
      }
    }
    return file;
  }

  /** Fills a field and the first one in each group below it; NaN is an entry without a value. */
  private static void fill(Group in, String field, float[] list) {
    Type type = in.getType().getType(field);
    boolean each = type.isRepetition(Type.Repetition.REPEATED);
    for (int i = 0; i < (each ? list.length : 1); i++) {
      float[] part = each ? new float[] {list[i]} : list;
      if (!type.isPrimitive()) {
        fill(in.addGroup(field), type.asGroupType().getFieldName(0), part);
      } else if (!Float.isNaN(part[0])) {
        in.add(field, part[0]);
      }
    }
  }

  private static List<float[]> vectors(Path file, String column) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    FloatLists[] lists = new FloatLists[1];
    try (ColumnarReader in = new ColumnarReader(file)) {
      ColumnDescriptor list =
          in.schema().getColumns().stream()
              .filter(each -> each.getPath()[0].equals(column))
              .filter(each -> each.getMaxRepetitionLevel() == 1)
              .findFirst()
              .orElseThrow();
      in.request(Set.of(column));
      while (in.nextRow(() -> lists[0] = in.floatLists(list, ColumnReader::getFloat))) {
        try {
          int length = lists[0].read();
          vectors.add(Arrays.copyOf(lists[0].floats(), length));
        } catch (RuntimeException e) {
          throw in.damaged(e);
        }
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeated float other;",
        "repeated group other { required float x; }",
        "repeated group other { required group y { required float x; optional int32 z; } }",
        "required group other { repeated float array; }",
        "optional group other (LIST) { repeated group list { optional float element; } }",
        "optional group other (LIST) { repeated group bag { required float e; optional int32 z; }"
            + " }",
        "optional group other (LIST) { repeated group list { optional group s { optional float x; }"
            + " } }",
        "optional group other { optional group v (LIST) { repeated group list { required float e; }"
            + " } optional int32 z; }",
      })
  void aListIsReadWhateverGroupsAreAroundIt(String column) throws IOException {
    float[][] lists = {{1, 2, 3}, {}, {4.5f}, {6, 7}};
    assertThat(vectors(lists(column, lists), "other")).containsExactly(lists);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optional group other (LIST) { repeated group list { optional float element; } }",
        "optional group other (LIST) { repeated group list { optional group s { optional float x; }"
            + " } }",
        "repeated group other { optional float x; }",
      })
  void anEntryWithoutAValueIsRefused(String column) throws IOException {
    Path file = lists(column, new float[] {1, 2}, new float[] {3, Float.NaN});
    assertThatThrownBy(() -> vectors(file, "other"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("lists.parquet: a list has no value (null) at 1");
  }
}
