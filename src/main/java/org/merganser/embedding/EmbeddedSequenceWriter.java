package org.merganser.embedding;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.FloatListColumn;
import org.merganser.parquet.ScalarColumn;
import org.merganser.parquet.ValueListColumn;

/**
 * Writes a part of {@code embedded/sequence}, a row a token, in order: doc_id STRING, part INT32,
 * position INT32 (from 0 in the part), id INT32, loss_mask INT8 if documents have one, embedding
 * LIST of FLOAT or FLOAT16. A row is a token because a document may have more values than fit a
 * Parquet page.
 */
public final class EmbeddedSequenceWriter implements Closeable {
  private final ColumnarWriter out;
  private final EmbeddingTable table;
  private final ScalarColumn docIdColumn;
  private final ScalarColumn partColumn;
  private final ScalarColumn positionColumn;
  private final ScalarColumn idColumn;

  /** Null if documents have no loss mask. */
  private final @Nullable ScalarColumn maskColumn;

  /** The vectors as F32; null if they are F16. */
  private final @Nullable FloatListColumn floats;

  /** The vectors as F16; null if they are F32. */
  private final @Nullable ValueListColumn halves;

  private final float[] row;

  /** The row as F16. */
  private final ByteBuffer halfRow;

  /**
   * Begins the file.
   *
   * @param type F32 or F16
   * @param masked whether ids have a loss mask
   */
  public EmbeddedSequenceWriter(
      Path file, EmbeddingTable table, FloatType type, boolean masked, Map<String, String> metadata)
      throws IOException {
    if (type == FloatType.BF16) {
      throw new IllegalArgumentException("Parquet has no BF16");
    }
    this.table = table;
    this.out = new ColumnarWriter(file, schema(type, masked), metadata);
    this.docIdColumn = out.scalar("doc_id");
    this.partColumn = out.scalar("part");
    this.positionColumn = out.scalar("position");
    this.idColumn = out.scalar("id");
    this.maskColumn = masked ? out.scalar("loss_mask") : null;
    this.floats = type == FloatType.F32 ? out.floatList("embedding") : null;
    this.halves = type == FloatType.F32 ? null : out.valueList("embedding");
    this.row = new float[table.dim()];
    this.halfRow =
        ByteBuffer.allocate(FloatType.F16.bytes() * table.dim()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes of the vector of a token, before compression. */
  public static long bytesOf(int dim, FloatType type) {
    return (long) dim * type.bytes();
  }

  /**
   * Writes {@code ids[0, count)} of a part of a document.
   *
   * @param docId the id of the document
   * @param part the number of the part in the document
   * @param mask a 1 or 0 for each id if ids have a loss mask, else null
   * @throws EmbeddingException naming an id outside the table, or a value outside the range of F16
   */
  public void write(String docId, int part, int[] ids, int count, int @Nullable [] mask)
      throws IOException {
    if ((mask == null) != (maskColumn == null)) {
      throw new IllegalArgumentException(
          "document " + docId + (mask == null ? " has no" : " has a") + " loss mask");
    }
    byte[] name = docId.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      addVector(ids[i]); // first, since it may throw: the columns then have complete rows
      docIdColumn.addBinary(name);
      partColumn.addInt(part);
      positionColumn.addInt(i);
      idColumn.addInt(ids[i]);
      if (maskColumn != null && mask != null) {
        maskColumn.addInt(mask[i]);
      }
      out.endRow();
    }
  }

  /** The schema of the file; the arguments are those of the constructor. */
  private static MessageType schema(FloatType type, boolean masked) {
    return MessageTypeParser.parseMessageType(
        """
        message sequence {
          required binary doc_id (STRING);
          required int32 part;
          required int32 position;
          required int32 id;
          %s
          required group embedding (LIST) { repeated group list { required %s; } }
        }\
        """
            .formatted(
                masked ? "required int32 loss_mask (INTEGER(8,true));" : "",
                type == FloatType.F32
                    ? "float element"
                    : "fixed_len_byte_array(2) element (FLOAT16)"));
  }

  /** Adds the vector of an id to the current row. */
  private void addVector(int id) throws IOException {
    table.row(id, row, 0);
    if (floats != null) {
      floats.add(row, 0, row.length);
    } else if (halves != null) {
      halfRow.clear();
      FloatType.F16.put(row, row.length, halfRow, "the vector of id " + id);
      halves.addPlain(halfRow.array(), row.length);
      halves.endList();
    }
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
