package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.output.figures.IdHistogram;
import org.merganser.parquet.RowWriter;

/**
 * Writes {@code embedded/rows.parquet}, the vocabulary that the corpus uses: id INT32, token STRING
 * (byte-level form), bytes BINARY, count INT64, embedding LIST of FLOAT, sorted by id.
 */
public final class RowsWriter {
  private static final MessageType PARQUET_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            required int32 id;
            required binary token (STRING);
            required binary bytes;
            required int64 count;
            required group embedding (LIST) { repeated group list { required float element; } }
          }
          """);

  private RowsWriter() {}

  /** A row; parquet-avro reads its fields. */
  static final class Row {
    int id;
    String token = "";
    byte[] bytes = new byte[0];
    long count;
    float[] embedding = new float[0];
  }

  /**
   * Writes the file.
   *
   * @param table the vectors by id
   * @param counts the occurrences of each id in the corpus
   * @param token returns the spelling of an id in tokenizer.json
   * @param bytes returns the bytes of an id in text
   * @param metadata the key-value metadata of the file
   * @throws EmbeddingException naming a counted id outside the table
   */
  public static void write(
      Path file,
      EmbeddingTable table,
      IdHistogram counts,
      IntFunction<String> token,
      IntFunction<byte[]> bytes,
      Map<String, String> metadata)
      throws IOException {
    Row row = new Row();
    row.embedding = new float[table.dim()];
    try (RowWriter<Row> out = new RowWriter<>(file, PARQUET_SCHEMA, metadata)) {
      int bound = counts.bound();
      for (int id = 0; id < bound; id++) {
        if (counts.count(id) == 0) {
          continue;
        }
        row.id = id;
        row.token = token.apply(id);
        row.bytes = bytes.apply(id);
        row.count = counts.count(id);
        table.row(id, row.embedding, 0);
        out.write(row);
      }
    }
  }
}
