package org.merganser.embedding;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.merganser.dataset.IdHistogram;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.FloatListColumn;
import org.merganser.parquet.ScalarColumn;

/**
 * Writes {@code embedded/rows.parquet}, the vocabulary that the corpus uses: id INT32, token STRING
 * (byte-level form), bytes BINARY, count INT64, embedding LIST of FLOAT, sorted by id.
 */
public final class RowsWriter {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT32)
          .named("id")
          .required(BINARY)
          .as(stringType())
          .named("token")
          .required(BINARY)
          .named("bytes")
          .required(INT64)
          .named("count")
          .addField(EmbeddingTableWriter.vectors())
          .named("rows");

  private RowsWriter() {}

  /** What a token looks like, in both forms; {@code Tokenizer} has them. */
  public interface Vocabulary {
    /** As tokenizer.json spells it. */
    String token(int id);

    byte[] bytes(int id);
  }

  /**
   * @throws EmbeddingException naming a counted id that the table does not have
   */
  public static void write(
      Path file,
      EmbeddingTable table,
      IdHistogram counts,
      Vocabulary vocabulary,
      Map<String, String> metadata)
      throws IOException {
    float[] row = new float[table.dim()];
    try (ColumnarWriter out = new ColumnarWriter(file, SCHEMA, metadata)) {
      ScalarColumn id = out.scalar("id");
      ScalarColumn token = out.scalar("token");
      ScalarColumn bytes = out.scalar("bytes");
      ScalarColumn count = out.scalar("count");
      FloatListColumn embedding = out.floatList("embedding");
      int bound = counts.bound();
      for (int i = 0; i < bound; i++) {
        if (counts.count(i) == 0) {
          continue;
        }
        id.addInt(i);
        token.addBinary(vocabulary.token(i).getBytes(StandardCharsets.UTF_8));
        bytes.addBinary(vocabulary.bytes(i));
        count.addLong(counts.count(i));
        table.row(i, row, 0);
        embedding.add(row, 0, row.length);
        out.endRow();
      }
    }
  }
}
