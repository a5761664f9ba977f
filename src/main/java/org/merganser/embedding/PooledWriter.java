package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.FloatListColumn;
import org.merganser.parquet.ScalarColumn;

/**
 * Writes a part of {@code embedded/pooled}, a row for each part of a document: doc_id STRING, part
 * INT32, num_tokens INT32, embedding LIST of FLOAT.
 */
public final class PooledWriter implements Closeable {
  private static final MessageType PARQUET_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message pooled {
            required binary doc_id (STRING);
            required int32 part;
            required int32 num_tokens;
            required group embedding (LIST) { repeated group list { required float element; } }
          }
          """);

  private final ColumnarWriter out;
  private final ScalarColumn docId;
  private final ScalarColumn part;
  private final ScalarColumn numTokens;
  private final FloatListColumn embedding;

  /** Begins the file. */
  public PooledWriter(Path file, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(file, PARQUET_SCHEMA, metadata);
    this.docId = out.scalar("doc_id");
    this.part = out.scalar("part");
    this.numTokens = out.scalar("num_tokens");
    this.embedding = out.floatList("embedding");
  }

  /**
   * Writes the row of a part of a document.
   *
   * @param id of the document
   * @param partOfDocument the number of the part
   * @param tokens the number of ids of which {@code vector} is the mean
   */
  public void write(String id, int partOfDocument, int tokens, float[] vector) throws IOException {
    docId.addBinary(id.getBytes(StandardCharsets.UTF_8));
    part.addInt(partOfDocument);
    numTokens.addInt(tokens);
    embedding.add(vector, 0, vector.length);
    out.endRow();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Finishes the file like {@link #close}, and returns its sum. */
  public FileSum finish() throws IOException {
    out.close();
    return out.sum();
  }
}
