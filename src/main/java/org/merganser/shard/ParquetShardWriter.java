package org.merganser.shard;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
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
      Types.buildMessage()
          .required(BINARY)
          .as(stringType())
          .named("doc_id")
          .required(BINARY)
          .as(stringType())
          .named("file")
          .required(INT64)
          .named("offset")
          .required(INT32)
          .named("part")
          .optional(BINARY)
          .as(stringType())
          .named("group")
          .required(INT32)
          .named("num_tokens")
          .addField(
              Types.requiredList()
                  .element(Types.primitive(INT32, Repetition.REQUIRED).named("element"))
                  .named("token_ids"))
          .named("shard");

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
