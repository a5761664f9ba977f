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
  private final ScalarColumn docIdColumn;
  private final ScalarColumn partColumn;
  private final ScalarColumn numTokensColumn;
  private final FloatListColumn embeddingColumn;

  /** Begins the file. */
  public PooledWriter(Path file, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(file, PARQUET_SCHEMA, metadata);
    this.docIdColumn = out.scalar("doc_id");
    this.partColumn = out.scalar("part");
    this.numTokensColumn = out.scalar("num_tokens");
    this.embeddingColumn = out.floatList("embedding");
  }

  /**
   * Writes the row of a part of a document.
   *
   * @param docId the id of the document
   * @param part the number of the part in the document
   * @param tokens the number of ids of which {@code vector} is the mean
   */
  public void write(String docId, int part, int tokens, float[] vector) throws IOException {
    docIdColumn.addBinary(docId.getBytes(StandardCharsets.UTF_8));
    partColumn.addInt(part);
    numTokensColumn.addInt(tokens);
    embeddingColumn.add(vector, 0, vector.length);
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
