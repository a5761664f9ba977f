package org.merganser.shard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.IdListColumn;
import org.merganser.parquet.ScalarColumn;
import org.merganser.parquet.ShardException;

/**
 * Writes one canonical shard: doc_id STRING, file STRING, offset INT64, part INT32, group STRING
 * optional, num_tokens INT32, token_ids LIST of INT32 required. The bytes depend on the rows and
 * the metadata alone.
 */
public final class ParquetShardWriter implements ShardWriter {
  /** Key of the metadata that names the tokenizer: lower-case hex. */
  public static final String TOKENIZER_SHA256 = "merganser.tokenizer.sha256";

  public static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message shard {
            required binary doc_id (STRING);
            required binary file (STRING);
            required int64 offset;
            required int32 part;
            optional binary group (STRING);
            required int32 num_tokens;
            required group token_ids (LIST) { repeated group list { required int32 element; } }
          }
          """);

  private final ColumnarWriter out;
  private final ScalarColumn docId;
  private final ScalarColumn file;
  private final ScalarColumn offset;
  private final ScalarColumn part;
  private final ScalarColumn group;
  private final ScalarColumn numTokens;
  private final IdListColumn tokenIds;

  /**
   * @param metadata key-value metadata of the file (tokenizer sha256, ...), written sorted
   */
  public ParquetShardWriter(Path file, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(file, SCHEMA, metadata);
    this.docId = out.scalar("doc_id");
    this.file = out.scalar("file");
    this.offset = out.scalar("offset");
    this.part = out.scalar("part");
    this.group = out.scalar("group");
    this.numTokens = out.scalar("num_tokens");
    this.tokenIds = out.idList("token_ids");
  }

  /**
   * Adds a row.
   *
   * @throws ShardException for a negative id, before anything of the row is written
   */
  @Override
  public void write(ShardRow row) throws IOException {
    refuseNegative(row);
    docId.addBinary(utf8(row.docId));
    file.addBinary(utf8(row.file));
    offset.addLong(row.offset);
    part.addInt(row.part);
    if (row.group == null) {
      group.addNull();
    } else {
      group.addBinary(utf8(row.group));
    }
    numTokens.addInt(row.count);
    tokenIds.add(row.ids, row.count);
    out.endRow();
  }

  static void refuseNegative(ShardRow row) {
    int signs = 0;
    for (int i = 0; i < row.count; i++) {
      signs |= row.ids[i];
    }
    for (int i = 0; signs < 0 && i < row.count; i++) {
      if (row.ids[i] < 0) {
        throw new ShardException(
            "document \"" + row.docId + "\": id " + row.ids[i] + " at " + i + " is negative");
      }
    }
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Finishes the file. A writer that failed must be closed too; its file is not a shard. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}
