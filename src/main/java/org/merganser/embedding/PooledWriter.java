package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.FloatListColumn;
import org.merganser.parquet.ScalarColumn;

/** Writes a part of {@code embedded/pooled}: doc_id STRING, embedding LIST of FLOAT. */
public final class PooledWriter implements Closeable {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message pooled {
            required binary doc_id (STRING);
            required group embedding (LIST) { repeated group list { required float element; } }
          }
          """);

  private final ColumnarWriter out;
  private final ScalarColumn docId;
  private final FloatListColumn embedding;

  /**
   * @param metadata tokenizer and table sha256, dim, ...; written sorted
   */
  public PooledWriter(Path file, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(file, SCHEMA, metadata);
    this.docId = out.scalar("doc_id");
    this.embedding = out.floatList("embedding");
  }

  public void write(String id, float[] vector) throws IOException {
    docId.addBinary(id.getBytes(StandardCharsets.UTF_8));
    embedding.add(vector, 0, vector.length);
    out.endRow();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
