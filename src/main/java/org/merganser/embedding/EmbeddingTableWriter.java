package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.FloatListColumn;
import org.merganser.parquet.ScalarColumn;
import org.merganser.store.UnusableFileException;

/**
 * Writes an embedding table: {@code id INT32, token STRING optional, embedding LIST<FLOAT>}, row
 * after row with ids 0, 1, 2, ... Only a row group (16 MiB) is in memory. The bytes depend only on
 * the rows and the metadata.
 */
public final class EmbeddingTableWriter implements Closeable {
  /** Key of the metadata with the number of floats of a row. */
  public static final String DIM = "merganser.dim";

  /** Key of the metadata with the number type of the source. */
  public static final String DTYPE = "merganser.dtype";

  /** Key of the metadata with the origin of the vectors, for a person. */
  public static final String SOURCE = "merganser.source";

  /** Key of the metadata with the sha256 of the tokenizer; absent if the tokenizer is unknown. */
  public static final String TOKENIZER_SHA256 = "merganser.tokenizer.sha256";

  private static final MessageType PARQUET_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message embeddings {
            required int32 id;
            optional binary token (STRING);
            required group embedding (LIST) { repeated group list { required float element; } }
          }
          """);

  private final ColumnarWriter out;
  private final ScalarColumn idColumn;
  private final ScalarColumn tokenColumn;
  private final FloatListColumn embeddingColumn;
  private final int dim;
  private int rows;

  /**
   * Begins the file.
   *
   * @param dtype of the source, such as F32 or BF16: stored values are always float32
   * @param source the origin of the vectors, for a person
   * @param tokenizerSha256 of the tokenizer.json whose ids the rows have, or null
   */
  public EmbeddingTableWriter(
      Path file, int dim, String dtype, String source, @Nullable String tokenizerSha256)
      throws IOException {
    if (dim < 1) {
      throw new EmbeddingException("dim is " + dim + ", it must be at least 1");
    }
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(DIM, Integer.toString(dim));
    metadata.put(DTYPE, dtype);
    metadata.put(SOURCE, source);
    if (tokenizerSha256 != null) {
      metadata.put(TOKENIZER_SHA256, tokenizerSha256);
    }
    this.dim = dim;
    this.out = new ColumnarWriter(file, PARQUET_SCHEMA, metadata);
    this.idColumn = out.scalar("id");
    this.tokenColumn = out.scalar("token");
    this.embeddingColumn = out.floatList("embedding");
  }

  /**
   * Whether a file has the schema of a table.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean isTable(Path file) throws IOException {
    try (ColumnarReader in = new ColumnarReader(file)) {
      return in.schema().getFields().equals(PARQUET_SCHEMA.getFields());
    } catch (UnusableFileException e) {
      return false; // not Parquet, or damaged
    }
  }

  /**
   * Writes the next row, {@code from[at, at + dim)}.
   *
   * @param token of the row; null if it is unknown
   */
  public void write(@Nullable String token, float[] from, int at) throws IOException {
    idColumn.addInt(rows);
    if (token == null) {
      tokenColumn.addNull();
    } else {
      tokenColumn.addBinary(token.getBytes(StandardCharsets.UTF_8));
    }
    embeddingColumn.add(from, at, dim);
    out.endRow();
    rows++;
  }

  /** The number of rows that were written: the id of the next one. */
  public int rows() {
    return rows;
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
