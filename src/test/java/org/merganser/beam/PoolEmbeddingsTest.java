package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.embedding.TableReader;

/** Rows of ids become vectors: the mean, id by id, of the table's rows. */
final class PoolEmbeddingsTest {
  private static final String TABLE = "sample-data/embeddings.parquet";
  private static final Schema IDS =
      Schema.builder()
          .addInt64Field("number")
          .addField("token_ids", FieldType.array(FieldType.INT32).withNullable(true))
          .build();

  @TempDir Path folder;

  private final Pipeline pipeline = Pipeline.create();

  private static Row row(long number, Integer... ids) {
    return Row.withSchema(IDS).attachValues(number, Arrays.asList(ids));
  }

  private PCollection<Row> rows(Row... rows) {
    return pipeline.apply("Rows", Create.of(List.of(rows)).withCoder(RowCoder.of(IDS)));
  }

  private static float[] vector(Row row) {
    List<Float> numbers = List.copyOf(row.<Float>getArray("embedding"));
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i);
    }
    return vector;
  }

  private static float[][] table() throws IOException {
    try (TableReader in = new TableReader(Path.of(TABLE))) {
      float[][] rows = new float[(int) in.rows()][];
      for (int id = 0; in.next(); id++) {
        rows[id] = in.row().clone();
      }
      return rows;
    }
  }

  private static float[] mean(float[][] table, Integer[] ids, int leftOut, boolean normalize) {
    double[] sum = new double[table[0].length];
    int count = 0;
    for (int id : ids) {
      if (id != leftOut) {
        count++;
        for (int d = 0; d < sum.length; d++) {
          sum[d] += table[id][d];
        }
      }
    }
    double squares = 0;
    for (double number : sum) {
      squares += number * number;
    }
    double divisor = normalize ? Math.sqrt(squares) : count;
    float[] mean = new float[sum.length];
    for (int d = 0; d < sum.length; d++) {
      mean[d] = divisor == 0 ? 0 : (float) (sum[d] / divisor);
    }
    return mean;
  }

  @Test
  void vectorsAreTheMeansOfTheRowsOfTheIds() throws IOException {
    float[][] table = table();
    Random random = new Random(Seeds.next());
    Integer[][] ids = new Integer[40][];
    Row[] rows = new Row[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] =
          IntStream.range(0, random.nextInt(30))
              .mapToObj(k -> random.nextInt(k % 3 == 0 ? 3 : table.length))
              .toArray(Integer[]::new);
      rows[i] = row(i, ids[i]);
    }
    PCollection<Row> input = rows(rows);
    CollectedRows<Row> plain =
        CollectedRows.of("Plain", input.apply("Mean", PoolEmbeddings.with(TABLE)));
    CollectedRows<Row> scaled =
        CollectedRows.of(
            "Scaled", input.apply("Unit", PoolEmbeddings.with(TABLE).leavingOut(2).normalized()));
    pipeline.run().waitUntilFinish();
    assertThat(plain.elements()).hasSize(ids.length);
    for (Row row : plain.elements()) {
      Integer[] of = ids[Math.toIntExact(row.getInt64("number"))];
      assertThat(row.<Integer>getArray("token_ids")).containsExactly(of);
      assertThat(vector(row)).isEqualTo(mean(table, of, -1, false));
    }
    for (Row row : scaled.elements()) {
      Integer[] of = ids[Math.toIntExact(row.getInt64("number"))];
      assertThat(vector(row)).isEqualTo(mean(table, of, 2, true));
    }
  }

  @Test
  void anIdOutsideTheTableFailsThePipeline() {
    rows(row(7, 1, 4096)).apply(PoolEmbeddings.with(TABLE));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContainingAll(
            "id 4096 is not in the table of 4096 rows",
            "is it the table of the tokenizer?",
            "{number: 7, token_ids: [1, 4096]}");
  }

  @Test
  void aRowWithoutIdsFailsThePipeline() {
    rows(Row.withSchema(IDS).addValues(1L, null).build()).apply(PoolEmbeddings.with(TABLE));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining("the field \"token_ids\" is null");
  }

  @Test
  void aMissingTableFailsThePipelineByName() {
    String missing = folder.resolve("nowhere.parquet").toString();
    rows(row(1, 1)).apply(PoolEmbeddings.with(missing));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining(missing + ": there is no such file on this worker");
  }

  @Test
  void fieldsAreCheckedWhenThePipelineIsMade() {
    PCollection<Row> rows = rows(row(1, 1));
    assertThatThrownBy(() -> rows.apply(PoolEmbeddings.with(TABLE).withIdsField("number")))
        .hasMessageContaining("rows must have a field \"number\" that is an array of int32");
  }

  @Test
  void aTableIsOpenedOnceUntilItsFileChanges() throws IOException {
    Path copy = Files.copy(Path.of(TABLE), folder.resolve("table.parquet"));
    var opened = SharedTables.get(copy.toString());
    assertThat(SharedTables.get(copy.toString())).isSameAs(opened);
    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000));
    assertThat(SharedTables.get(copy.toString())).isNotSameAs(opened);
  }

  @Test
  void displayDataNamesWhatIsChosen() {
    Map<String, Object> shown = new HashMap<>();
    DisplayData.from(PoolEmbeddings.with("/t.parquet").leavingOut(3))
        .items()
        .forEach(item -> shown.put(item.getKey(), item.getValue()));
    assertThat(shown)
        .isEqualTo(
            Map.of(
                "table", "/t.parquet", "idsField", "token_ids", "leftOut", 3L, "normalize", false));
  }
}
