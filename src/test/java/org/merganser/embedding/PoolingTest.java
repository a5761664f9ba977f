package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.dataset.IdHistogram;
import org.merganser.shard.Duck;

class PoolingTest {
  @TempDir Path dir;
  private EmbeddingTable table;

  @BeforeEach
  void writeATable() throws Exception {
    Path file = dir.resolve("table.parquet");
    try (EmbeddingTableWriter out = new EmbeddingTableWriter(file, 2, "F32", "a test", null)) {
      out.write("a", new float[] {1, 10, 2, 20, 6, 8}, 0);
      out.write("b", new float[] {1, 10, 2, 20, 6, 8}, 2);
      out.write("c", new float[] {1, 10, 2, 20, 6, 8}, 4);
    }
    table = EmbeddingTable.open(file, dir.resolve("flat"));
  }

  @Test
  void poolsTheMeanWithoutTheEndOfDocument() {
    float[] out = new float[2];
    assertThat(new Pooling(table, 2).pool(new int[] {0, 1, 1, 2, 99}, 4, out)).isEqualTo(3);
    assertThat(out).containsExactly((float) (5 / 3.0), (float) (50 / 3.0));
    new Pooling(table, -1).pool(new int[] {0, 2}, 2, out);
    assertThat(out).containsExactly(3.5f, 9f);
  }

  @Test
  void anEmptyDocumentIsAZeroVector() {
    float[] out = {7, 7};
    assertThat(new Pooling(table, 2).pool(new int[] {2}, 1, out)).isZero();
    assertThat(out).containsExactly(0f, 0f);
    out[0] = 7;
    assertThat(new Pooling(table, 2).pool(new int[0], 0, out)).isZero();
    assertThat(out).containsExactly(0f, 0f);
  }

  /** Row by row, in the order of the document. */
  private static float[] slowly(float[][] rows, int[] ids, int leftOut, int dim) {
    double[] sum = new double[dim];
    int vectors = 0;
    for (int id : ids) {
      if (id != leftOut) {
        for (int d = 0; d < dim; d++) {
          sum[d] += rows[id][d];
        }
        vectors++;
      }
    }
    float[] mean = new float[dim];
    for (int d = 0; d < dim; d++) {
      mean[d] = vectors == 0 ? 0 : (float) (sum[d] / vectors);
    }
    return mean;
  }

  @Test
  void poolsToTheBitAsRowByRow() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int dim = 1 + random.nextInt(70);
    float[][] rows = new float[50][dim];
    Path file = dir.resolve("random.parquet");
    try (EmbeddingTableWriter out = new EmbeddingTableWriter(file, dim, "F32", "a test", null)) {
      for (float[] row : rows) {
        for (int d = 0; d < dim; d++) {
          row[d] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8) - 4));
        }
        out.write(null, row, 0);
      }
    }
    EmbeddingTable open = EmbeddingTable.open(file, dir.resolve("flat"));
    for (int round = 0; round < 300; round++) {
      int[] ids = random.ints(random.nextInt(40), 0, rows.length).toArray();
      int leftOut = random.nextInt(rows.length + 1) - 1;
      float[] pooled = new float[dim];
      new Pooling(open, leftOut).pool(ids, ids.length, pooled);
      assertThat(pooled)
          .as("seed %d, round %d", seed, round)
          .isEqualTo(slowly(rows, ids, leftOut, dim));
    }
  }

  @Test
  void keepsNoMoreRowsThanItMay() {
    DoubleRows rows = new DoubleRows(table, 2 * 8 * 2);
    double[] spare = new double[3];
    float[] narrow = new float[2];
    double[] first = rows.row(2, narrow, spare);
    assertThat(first).containsExactly(6, 8, 8).isNotSameAs(spare);
    assertThat(rows.row(2, narrow, spare)).isSameAs(first);
    assertThat(rows.row(0, narrow, spare)).containsExactly(1, 10, 10).isNotSameAs(spare);
    assertThat(rows.row(1, narrow, spare)).containsExactly(2, 20, 20).isSameAs(spare);
    assertThat(rows.row(2, narrow, spare)).isSameAs(first);
  }

  @Test
  void namesAnIdOutsideTheTable() {
    assertThatThrownBy(() -> new Pooling(table, -1).pool(new int[] {3}, 1, new float[2]))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage("id 3 is not in the table of 3 rows");
  }

  @Test
  void duckDbJoinsRowsAndReadsPooledVectors() throws Exception {
    Path rows = dir.resolve("rows.parquet");
    IdHistogram counts = new IdHistogram();
    counts.add(2, 5L << 32);
    counts.add(0, 1);
    RowsWriter.write(
        rows,
        table,
        counts,
        id -> "Ġ" + id,
        id -> new byte[] {' ', (byte) (0xF0 + id)},
        Map.of("merganser.dim", "2"));
    assertThat(Duck.query("select id, token, hex(bytes), count, embedding from '" + rows + "'"))
        .containsExactly("0|Ġ0|20F0|1|[1.0, 10.0]", "2|Ġ2|20F2|21474836480|[6.0, 8.0]");
    Path pooled = dir.resolve("pooled.parquet");
    try (PooledWriter out = new PooledWriter(pooled, Map.of())) {
      out.write("d", 1, 7, new float[] {3, 4});
    }
    assertThat(
            Duck.query(
                "select doc_id, part, num_tokens, array_distance(embedding::float[2], [0,"
                    + " 0]::float[2]) from '%s'",
                pooled))
        .containsExactly("d|1|7|5.0");
  }
}
