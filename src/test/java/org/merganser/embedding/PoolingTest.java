package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.shard.Duck;
import org.merganser.shard.IdHistogram;

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
    new Pooling(table, 2, false).pool(new int[] {0, 1, 1, 2, 99}, 4, out);
    assertThat(out).containsExactly((float) (5 / 3.0), (float) (50 / 3.0));
    new Pooling(table, -1, false).pool(new int[] {0, 2}, 2, out);
    assertThat(out).containsExactly(3.5f, 9f);
  }

  @Test
  void normalizesToLengthOneOnRequest() {
    float[] out = new float[2];
    new Pooling(table, -1, true).pool(new int[] {2, 2}, 2, out);
    assertThat(out).containsExactly(0.6f, 0.8f);
  }

  @Test
  void anEmptyDocumentIsAZeroVectorAlsoNormalized() {
    float[] out = {7, 7};
    Pooling pooling = new Pooling(table, 2, true);
    pooling.pool(new int[] {2}, 1, out);
    assertThat(out).containsExactly(0f, 0f);
    new Pooling(table, 2, false).pool(new int[0], 0, out);
    assertThat(out).containsExactly(0f, 0f);
  }

  @Test
  void partsOfADocumentPoolAsTheWhole() {
    float[] whole = new float[2];
    float[] parts = new float[2];
    Pooling pooling = new Pooling(table, -1, false);
    pooling.pool(new int[] {0, 1, 2, 1}, 4, whole);
    pooling.begin();
    pooling.add(new int[] {0}, 1);
    pooling.add(new int[] {1, 2, 1}, 3);
    pooling.end(parts);
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void namesAnIdOutsideTheTable() {
    assertThatThrownBy(() -> new Pooling(table, -1, false).pool(new int[] {3}, 1, new float[2]))
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
        new RowsWriter.Vocabulary() {
          @Override
          public String token(int id) {
            return "Ġ" + id;
          }

          @Override
          public byte[] bytes(int id) {
            return new byte[] {' ', (byte) (0xF0 + id)};
          }
        },
        Map.of("merganser.dim", "2"));
    assertThat(Duck.query("select id, token, hex(bytes), count, embedding from '" + rows + "'"))
        .containsExactly("0|Ġ0|20F0|1|[1.0, 10.0]", "2|Ġ2|20F2|21474836480|[6.0, 8.0]");
    Path pooled = dir.resolve("pooled.parquet");
    try (PooledWriter out = new PooledWriter(pooled, Map.of())) {
      out.write("d", new float[] {3, 4});
    }
    assertThat(
            Duck.query(
                "select doc_id, array_distance(embedding::float[2], [0, 0]::float[2]) from '"
                    + pooled
                    + "'"))
        .containsExactly("d|5.0");
  }
}
