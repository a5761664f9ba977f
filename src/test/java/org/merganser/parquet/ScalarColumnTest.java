package org.merganser.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.checksum.FileSum;

class ScalarColumnTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType("message m { optional binary text (STRING); }");

  @TempDir Path dir;

  /** Parquet's own statistics, updated value by value, are the twin. */
  @Test
  void theLeastAndLargestTextOfAPageAreThoseOfParquet() throws IOException {
    Random random = new Random(Seeds.next());
    String[] alphabet = {"", "a", "é", "\u0000", "😀", "\uFFFD", "zz"};
    Path file = dir.resolve("texts.parquet");
    Statistics<?> twin = Statistics.createStats(SCHEMA.getType("text").asPrimitiveType());
    ColumnarWriter out = new ColumnarWriter(file, SCHEMA, Map.of("b", "1", "a", "2"));
    try (out) {
      ScalarColumn texts = out.scalar("text");
      for (int i = 0; i < 200_000; i++) { // several pages
        if (random.nextInt(10) == 0) {
          texts.addNull();
          twin.incrementNumNulls();
        } else {
          byte[] text =
              (alphabet[random.nextInt(alphabet.length)]
                      + alphabet[random.nextInt(alphabet.length)]
                      + "n".repeat(random.nextInt(20)))
                  .getBytes(StandardCharsets.UTF_8);
          texts.addBinary(text);
          twin.updateStats(Binary.fromConstantByteArray(text));
        }
        out.endRow();
      }
    }
    assertThat(chunk(file).getStatistics()).isEqualTo(twin);
    out.close(); // once more, which does nothing
    assertThat(out.sum()).isEqualTo(FileSum.of(file));
  }

  @Test
  void aPageOfNullsHasNoLeastText() throws IOException {
    Path file = dir.resolve("nulls.parquet");
    try (ColumnarWriter out = new ColumnarWriter(file, SCHEMA, Map.of())) {
      out.scalar("text").addNull();
      out.endRow();
    }
    assertThat(chunk(file).getStatistics().hasNonNullValue()).isFalse();
  }

  private static ColumnChunkMetaData chunk(Path file) throws IOException {
    try (ColumnarReader in = new ColumnarReader(file)) {
      List<ColumnChunkMetaData> chunks = in.footer().getBlocks().get(0).getColumns();
      assertThat(in.footer().getBlocks()).hasSize(1);
      return chunks.get(0);
    }
  }
}
