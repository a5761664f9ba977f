package org.merganser.shard;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.IdListColumn;
import org.merganser.parquet.ScalarColumn;
import org.merganser.parquet.ValueListColumn;

/**
 * Writes a shard of packed sequences: sequence_id STRING, num_tokens INT32, token_ids LIST of
 * INT32, and lists of equal length with an entry for each piece: starts (where it begins in
 * token_ids), doc_ids, files, offsets (of the document, in bytes), parts, positions (of its first
 * id in that part of the document).
 */
public final class PackedShardWriter implements ShardWriter {
  /** Key of the metadata that says how long the sequences are. */
  public static final String SEQUENCE_LENGTH = "merganser.sequence.length";

  static final MessageType SCHEMA = schema();

  private final ColumnarWriter out;
  private final ScalarColumn sequenceId;
  private final ScalarColumn numTokens;
  private final IdListColumn tokenIds;
  private final ValueListColumn starts;
  private final ValueListColumn docIds;
  private final ValueListColumn files;
  private final ValueListColumn offsets;
  private final ValueListColumn parts;
  private final ValueListColumn positions;

  /**
   * @param metadata key-value metadata of the file (tokenizer sha256, ...), written sorted
   */
  public PackedShardWriter(Path file, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(file, SCHEMA, metadata);
    this.sequenceId = out.scalar("sequence_id");
    this.numTokens = out.scalar("num_tokens");
    this.tokenIds = out.idList("token_ids");
    this.starts = out.valueList("starts");
    this.docIds = out.valueList("doc_ids");
    this.files = out.valueList("files");
    this.offsets = out.valueList("offsets");
    this.parts = out.valueList("parts");
    this.positions = out.valueList("positions");
  }

  private static MessageType schema() {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    schema.required(BINARY).as(stringType()).named("sequence_id");
    schema.required(INT32).named("num_tokens");
    list(schema, INT32, "token_ids");
    list(schema, INT32, "starts");
    texts(schema, "doc_ids");
    texts(schema, "files");
    list(schema, INT64, "offsets");
    list(schema, INT32, "parts");
    list(schema, INT32, "positions");
    return schema.named("packed");
  }

  private static void list(Types.MessageTypeBuilder schema, PrimitiveTypeName type, String name) {
    schema.addField(
        Types.requiredList()
            .element(Types.primitive(type, Repetition.REQUIRED).named("element"))
            .named(name));
  }

  private static void texts(Types.MessageTypeBuilder schema, String name) {
    schema.addField(
        Types.requiredList()
            .element(Types.primitive(BINARY, Repetition.REQUIRED).as(stringType()).named("element"))
            .named(name));
  }

  @Override
  public void write(ShardRow row) throws IOException {
    ParquetShardWriter.refuseNegative(row);
    sequenceId.addBinary(ParquetShardWriter.utf8(row.docId));
    numTokens.addInt(row.count);
    tokenIds.add(row.ids, row.count);
    for (Piece piece : row.pieces) {
      starts.addInt(piece.start());
      docIds.addBinary(ParquetShardWriter.utf8(piece.docId()));
      files.addBinary(ParquetShardWriter.utf8(piece.file()));
      offsets.addLong(piece.offset());
      parts.addInt(piece.part());
      positions.addInt(piece.position());
    }
    starts.endList();
    docIds.endList();
    files.endList();
    offsets.endList();
    parts.endList();
    positions.endList();
    out.endRow();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
