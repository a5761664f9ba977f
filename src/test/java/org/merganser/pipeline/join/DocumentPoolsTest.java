package org.merganser.pipeline.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableInit;
import org.merganser.embedding.Pooling;
import org.merganser.shard.ShardRow;

/** Documents whose parts lie in several units, wherever the units begin. */
final class DocumentPoolsTest {
  @TempDir Path dir;

  private static ShardRow row(String docId, int part, int... ids) {
    ShardRow row = new ShardRow();
    row.docId = docId;
    row.part = part;
    row.ids = ids;
    row.count = ids.length;
    return row;
  }

  @Test
  void everyPlaceForUnitsToBeginGivesTheSameDocuments() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Path table = dir.resolve("t.parquet");
    EmbeddingTableInit.write(table, 50, 3, 1, seed, null);
    EmbeddingTable open = EmbeddingTable.open(table, dir.resolve("flat"));
    for (int round = 0; round < 300; round++) {
      List<ShardRow> rows = new ArrayList<>();
      TreeMap<String, float[]> expected = new TreeMap<>();
      Pooling plain = new Pooling(open, -1, false);
      for (int document = 0; document < 6; document++) {
        plain.begin();
        int parts = 1 + (random.nextBoolean() ? 0 : random.nextInt(5));
        int first = parts > 1 && random.nextInt(5) == 0 ? 1 : 0; // its first part was a dead letter
        for (int part = first; part < parts; part++) {
          int[] ids = random.ints(random.nextInt(4), 0, 50).toArray();
          rows.add(row("d" + document, part, ids));
          plain.add(ids, ids.length);
        }
        float[] vector = new float[3];
        plain.end(vector);
        expected.put("d" + document, vector);
      }
      TreeMap<String, float[]> found = inUnits(rows, random, open);
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      found.forEach(
          (docId, vector) ->
              assertThat(vector)
                  .as(docId)
                  .containsExactly(
                      expected.get(docId), org.assertj.core.data.Offset.offset(1e-6f)));
    }
  }

  private static TreeMap<String, float[]> inUnits(
      List<ShardRow> rows, Random random, EmbeddingTable table) throws IOException {
    List<List<ShardRow>> units = new ArrayList<>();
    Set<String> continued = new TreeSet<>();
    for (ShardRow row : rows) {
      if (units.isEmpty() || random.nextInt(3) == 0) {
        units.add(new ArrayList<>());
        if (row.part > 0) {
          continued.add(row.docId);
        }
      }
      units.get(units.size() - 1).add(row);
    }
    TreeMap<String, float[]> found = new TreeMap<>();
    PartialDocumentSums all = new PartialDocumentSums();
    Pooling pooling = new Pooling(table, -1, false);
    for (List<ShardRow> unit : units) {
      PartialDocumentSums parts = new PartialDocumentSums();
      DocumentPools pools =
          new DocumentPools(
              pooling,
              3,
              continued,
              new DocumentPools.Sink() {
                @Override
                public void document(String docId, float[] vector) {
                  assertThat(found.put(docId, vector.clone())).isNull();
                }

                @Override
                public void part(String docId, int first, Pooling.Part part) {
                  parts.add(false, docId, first, part);
                }
              });
      for (ShardRow row : unit) {
        pools.add(row);
      }
      pools.endShard(true);
      all.addAll(parts.toBytes());
    }
    all.combine(
        false,
        pooling,
        3,
        (docId, vector) -> assertThat(found.put(docId, vector.clone())).isNull());
    assertThat(all.combine(true, pooling, 3, (docId, vector) -> {})).isZero();
    return found;
  }
}
