package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
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

  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message packed {
            required binary sequence_id (STRING);
            required int32 num_tokens;
            required group token_ids (LIST) { repeated group list { required int32 element; } }
            required group starts (LIST) { repeated group list { required int32 element; } }
            required group doc_ids (LIST) { repeated group list { required binary element (STRING); } }
            required group files (LIST) { repeated group list { required binary element (STRING); } }
            required group offsets (LIST) { repeated group list { required int64 element; } }
            required group parts (LIST) { repeated group list { required int32 element; } }
            required group positions (LIST) { repeated group list { required int32 element; } }
          }
          """);

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
