package org.merganser.embedding;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.output.figures.IdHistogram;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

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
    table = EmbeddingTable.open(0, file, dir.resolve("flat"));
  }

  @Test
  void poolsTheMeanOfTheIds() {
    float[] out = new float[2];
    Pooling pooling = new Pooling(table);
    pooling.pool(new int[] {0, 1, 1, 99}, 3, out);
    assertThat(out).containsExactly((float) (5 / 3.0), (float) (50 / 3.0));
    pooling.pool(new int[] {0, 2}, 2, out);
    assertThat(out).as("nothing of the text before").containsExactly(3.5f, 9f);
  }

  @Test
  void anEmptyDocumentIsAZeroVector() {
    float[] out = {7, 7};
    new Pooling(table).pool(new int[0], 0, out);
    assertThat(out).containsExactly(0f, 0f);
  }

  /** The definition: distinct ids, ascending, each vector times its count. */
  private static float[] slowly(float[][] rows, int[] ids, int dim) {
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    for (int id : ids) {
      counts.merge(id, 1, Integer::sum);
    }
    double[] sum = new double[dim];
    counts.forEach(
        (id, count) -> {
          for (int d = 0; d < dim; d++) {
            sum[d] += (double) rows[id][d] * count;
          }
        });
    float[] mean = new float[dim];
    for (int d = 0; d < dim; d++) {
      mean[d] = ids.length == 0 ? 0 : (float) (sum[d] / ids.length);
    }
    return mean;
  }

  /** What tables hold, from what is common to what is hard to sum. */
  private static float draw(int kind, Random random) {
    float any = Float.intBitsToFloat(random.nextInt());
    return switch (kind) {
      case 0 -> (float) (0.02 * random.nextGaussian());
      case 1 -> Float.isFinite(any) ? any : Float.MAX_VALUE;
      case 2 -> Float.intBitsToFloat(random.nextInt() & 0x807F_FFFF);
      default -> random.nextBoolean() ? 1f + random.nextFloat() : -1e-9f * random.nextFloat();
    };
  }

  private EmbeddingTable randomTable(float[][] rows, int kind, Random random) throws IOException {
    int dim = rows[0].length;
    Path file = dir.resolve("random" + kind + ".parquet");
    try (EmbeddingTableWriter out = new EmbeddingTableWriter(file, dim, "F32", "a test", null)) {
      for (float[] row : rows) {
        for (int d = 0; d < dim; d++) {
          row[d] = draw(kind, random);
        }
        out.write(null, row, 0);
      }
    }
    return EmbeddingTable.open(0, file, dir.resolve("flat"));
  }

  /** Of a table with more ids than a word of words has bits. */
  private static int[] zipf(int count, int rows, Random random) {
    return IntStream.generate(() -> (int) Math.pow(rows, random.nextDouble()) - 1)
        .limit(count)
        .toArray();
  }

  @Test
  void poolsToTheBitAsDefined() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int kind = 0; kind < 4; kind++) {
      float[][] rows = new float[9000][1 + random.nextInt(20)];
      EmbeddingTable open = randomTable(rows, kind, random);
      Pooling pooling = new Pooling(open);
      for (int round = 0; round < 60; round++) {
        int[] ids = zipf(random.nextInt(round % 10 == 0 ? 20_000 : 60), rows.length, random);
        float[] pooled = new float[open.dim()];
        pooling.pool(ids, ids.length, pooled);
        assertThat(pooled)
            .as("seed %d, kind %d, round %d", seed, kind, round)
            .isEqualTo(slowly(rows, ids, open.dim()));
      }
    }
  }

  /** The code of docs/embeddings.md, on the same table and ids. */
  @Test
  void theDocumentedLoopGivesTheSameBits() throws Exception {
    String page = Files.readString(Path.of("docs/embeddings.md"));
    int from = page.indexOf("```python\ndef pooled(");
    String loop = page.substring(from + "```python\n".length(), page.indexOf("```", from + 3));
    Random random = new Random(Seeds.next());
    float[][] rows = new float[500][7];
    EmbeddingTable open = randomTable(rows, 3, random);
    Path npy = dir.resolve("table.npy");
    EmbeddingExport.writeNpy(dir.resolve("random3.parquet"), FloatType.F32, npy);
    StringBuilder code = new StringBuilder("import numpy as np\n" + loop);
    code.append("table = np.load('table.npy')\n");
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 40; round++) {
      int[] ids = zipf(1 + random.nextInt(600), rows.length, random);
      float[] pooled = new float[open.dim()];
      new Pooling(open).pool(ids, ids.length, pooled);
      int[] bits = new int[pooled.length];
      for (int d = 0; d < bits.length; d++) {
        bits[d] = Float.floatToRawIntBits(pooled[d]);
      }
      expected.add(Arrays.toString(bits));
      code.append(
          "print(pooled(%s, table).view(np.int32).tolist())%n".formatted(Arrays.toString(ids)));
    }
    assertThat(NumPy.runIn(dir, code.toString())).isEqualTo(expected);
  }

  @Test
  void keepsNoMoreRowsThanItMay() {
    DoubleRows rows = new DoubleRows(table, 2 * 8 * 2);
    double[] spare = new double[2];
    float[] narrow = new float[2];
    double[] first = rows.row(2, narrow, spare);
    assertThat(first).containsExactly(6, 8).isNotSameAs(spare);
    assertThat(rows.row(2, narrow, spare)).isSameAs(first);
    assertThat(rows.row(0, narrow, spare)).containsExactly(1, 10).isNotSameAs(spare);
    assertThat(rows.row(1, narrow, spare)).containsExactly(2, 20).isSameAs(spare);
    assertThat(rows.row(2, narrow, spare)).isSameAs(first);
  }

  @Test
  void namesAnIdOutsideTheTable() {
    assertThatThrownBy(() -> new Pooling(table).pool(new int[] {3}, 1, new float[2]))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage("id 3 is not in the table of 3 rows");
  }

  @Test
  void aSequenceNeedsAMaskIfAndOnlyIfItsFileHasThatColumn() throws IOException {
    for (boolean masked : new boolean[] {true, false}) {
      Path file = dir.resolve("sequence.parquet");
      int[] mask = masked ? null : new int[] {1};
      try (EmbeddedSequenceWriter out =
          new EmbeddedSequenceWriter(file, table, FloatType.F32, masked, Map.of())) {
        assertThatThrownBy(() -> out.write("d", 0, new int[] {2}, 1, mask))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageEndingWith(masked ? "d has no loss mask" : "d has a loss mask");
      }
    }
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
