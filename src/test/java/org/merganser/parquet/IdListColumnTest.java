package org.merganser.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;

/** Row groups and pages of id lists, at their bounds, as Parquet's own library sees them. */
final class IdListColumnTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message m { required group ids (LIST) { repeated group list { required int32 element; }"
              + " } }");

  private static final int PAGE_IDS = ColumnPages.PAGE_BYTES / 2;

  @TempDir Path folder;

  private final Random random = new Random(Seeds.next());

  @Test
  void rowsEndPagesAndGroupsWhereverTheirIdsDo() throws IOException {
    List<int[]> rows = new ArrayList<>();
    rows.add(list(PAGE_IDS, 200)); // a page to the id
    rows.add(list(PAGE_IDS - 3, 200));
    rows.add(list(3, 200)); // and one of two rows
    rows.add(list(0, 200));
    rows.add(list(5 * PAGE_IDS + 1, 200)); // a row larger than pages
    rows.add(list(1, 200));
    List<BlockMetaData> groups = writeAndRead(rows);
    assertThat(groups).hasSize(1);
    ColumnChunkMetaData chunk = groups.get(0).getColumns().get(0);
    assertThat(chunk.hasDictionaryPage()).isTrue();
    assertThat(chunk.getEncodingStats().getNumDataPagesEncodedAs(Encoding.RLE_DICTIONARY))
        .isEqualTo(4);
    assertThat(chunk.getStatistics().genericGetMax()).isEqualTo(max(rows));
    assertThat(chunk.getStatistics().genericGetMin()).isEqualTo(0);
  }

  @Test
  void eachGroupHasADictionaryOfItsOwnOrNone() throws IOException {
    int group = ColumnarWriter.ROW_GROUP_BYTES / 4;
    List<int[]> rows = new ArrayList<>();
    rows.add(list(group, 70_000)); // three bytes an index
    int[] negative = list(group, 100);
    negative[7] = -100;
    rows.add(negative);
    int[] large = list(group, 100);
    large[8] = 1 << 24;
    rows.add(large);
    rows.add(list(group, 100)); // one byte, nothing of the groups before
    rows.add(new int[] {5, 6}); // plain ids are smaller
    List<BlockMetaData> groups = writeAndRead(rows);
    assertThat(groups.stream().map(block -> block.getColumns().get(0).hasDictionaryPage()))
        .containsExactly(true, false, false, true, false);
    assertThat(groups.get(1).getColumns().get(0).getStatistics().genericGetMin()).isEqualTo(-100);
  }

  @Test
  void emptyListsAloneAreAPage() throws IOException {
    List<BlockMetaData> groups = writeAndRead(List.of(new int[0], new int[0]));
    assertThat(groups.get(0).getColumns().get(0).getValueCount()).isEqualTo(2);
  }

  /** Ids from 0 to bound - 1, both in the list where it has two. */
  private int[] list(int length, int bound) {
    int[] ids = random.ints(length, 0, bound).toArray();
    for (int i = 0; i < Math.min(2, length); i++) {
      ids[i] = i * (bound - 1);
    }
    return ids;
  }

  private static int max(List<int[]> rows) {
    return rows.stream().flatMapToInt(Arrays::stream).max().orElseThrow();
  }

  private List<BlockMetaData> writeAndRead(List<int[]> rows) throws IOException {
    Path file = folder.resolve("ids.parquet");
    try (ColumnarWriter writer = new ColumnarWriter(file, SCHEMA, Map.of())) {
      IdListColumn ids = writer.idList("ids");
      for (int[] row : rows) {
        ids.add(row, row.length);
        writer.endRow();
      }
    }
    try (ColumnarReader reader = new ColumnarReader(file)) {
      ColumnReader[] places = new ColumnReader[1];
      for (int[] row : rows) {
        assertThat(reader.nextRow(() -> places[0] = reader.column(SCHEMA.getColumns().get(0))))
            .isTrue();
        assertThat(list(places[0], row.length)).isEqualTo(row);
      }
      assertThat(reader.nextRow(() -> {})).isFalse();
      return reader.footer().getBlocks();
    }
  }

  /** The next list, by its levels. */
  private static int[] list(ColumnReader places, int expected) {
    int[] ids = new int[expected];
    int count = 0;
    do {
      if (places.getCurrentDefinitionLevel() == 1) {
        ids[count++] = places.getInteger();
      }
      places.consume();
    } while (places.getCurrentRepetitionLevel() == 1);
    assertThat(count).isEqualTo(expected);
    return ids;
  }
}
