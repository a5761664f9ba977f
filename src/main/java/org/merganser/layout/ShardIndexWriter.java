package org.merganser.layout;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.ScalarColumn;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;

/**
 * Writes the index next to a file of ids, with the origin of its ids. The index has a row for each
 * document, or for each piece of a packed sequence, in the order of the ids.
 *
 * <p>The column {@code row} has the number of the document or sequence in the file of ids, from 0;
 * {@code start} the index of its first id there, in which ids that fill sequences count; {@code
 * num_tokens} the number of its ids. The other columns are those of {@link Piece}: {@code part} is
 * the number of the part of a document that was cut.
 */
final class ShardIndexWriter implements Closeable {
  /** The key of the metadata with the bytes of an id in the file of ids. */
  static final String ID_BYTES = "merganser.id.bytes";

  private static final MessageType PARQUET_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message index {
            required int64 row;
            required int64 start;
            required int32 num_tokens;
            required binary doc_id (STRING);
            required binary file (STRING);
            required int64 offset;
            required int32 part;
            required int32 position;
          }
          """);

  private final ColumnarWriter out;
  private final ScalarColumn row;
  private final ScalarColumn start;
  private final ScalarColumn numTokens;
  private final ScalarColumn docId;
  private final ScalarColumn file;
  private final ScalarColumn offset;
  private final ScalarColumn part;
  private final ScalarColumn position;

  /** The number of documents or sequences in the file of ids so far. */
  private long written;

  /** Creates the file, replacing an existing one. */
  ShardIndexWriter(Path path, Map<String, String> metadata) throws IOException {
    this.out = new ColumnarWriter(path, PARQUET_SCHEMA, metadata);
    this.row = out.scalar("row");
    this.start = out.scalar("start");
    this.numTokens = out.scalar("num_tokens");
    this.docId = out.scalar("doc_id");
    this.file = out.scalar("file");
    this.offset = out.scalar("offset");
    this.part = out.scalar("part");
    this.position = out.scalar("position");
  }

  /**
   * Adds the origins of a document or sequence.
   *
   * @param first the index of its first id in the file of ids
   */
  void add(ShardRow documentOrSequence, long first) throws IOException {
    List<Piece> pieces = documentOrSequence.provenance();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (piece.isFilling()) {
        continue;
      }
      row.addLong(written);
      start.addLong(first + piece.start());
      numTokens.addInt(documentOrSequence.pieceLength(pieces, i));
      docId.addText(piece.docId());
      file.addText(piece.file());
      offset.addLong(piece.offset());
      part.addInt(piece.part());
      position.addInt(piece.position());
      out.endRow();
    }
    written++;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The sum of the file, once it is closed. */
  FileSum sum() {
    return out.sum();
  }
}
