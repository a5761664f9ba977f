package org.merganser.pipeline.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.function.Uncheck;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.parquet.RowWriter;

/**
 * {@code counts.parquet}, written for {@code tokenizer.train.keepCounts}: the count of each
 * pretoken, {@code pretoken BINARY, count INT64}, sorted by the pretoken's unsigned bytes.
 */
final class KeptCountsFile {
  /** The name of the file in the folder of the tokenizer. */
  static final String NAME = "counts.parquet";

  private static final MessageType PARQUET_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message counts {
            required binary pretoken;
            required int64 count;
          }
          """);

  private KeptCountsFile() {}

  /** A row; the Parquet writer reads its fields by their names. */
  static final class Row {
    byte[] pretoken = new byte[0];
    long count;
  }

  /**
   * Writes the table; memory has the blocks and a row group.
   *
   * @param blocks packed counts
   */
  static void write(Path file, List<byte[]> blocks) throws IOException {
    Row row = new Row();
    try (RowWriter<Row> out = new RowWriter<>(file, PARQUET_SCHEMA, Map.of())) {
      PackedCounts.forEachCombined(
          blocks,
          (bytes, from, to, count) -> {
            row.pretoken = Arrays.copyOfRange(bytes, from, to);
            row.count = count;
            Uncheck.run(() -> out.write(row), () -> NAME + ": cannot be written");
          });
    }
  }
}
