package org.merganser.layout;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ShardException;
import org.merganser.shard.Piece;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;

/** Reads an Arrow IPC stream whose columns are those of {@link ArrowLayout}. */
final class ArrowReader implements RowReader {
  private final Path path;
  private final InputStream in;
  private final Schema schema;
  private final Map<String, String> metadata = new TreeMap<>();
  private Map<String, ArrowValues> columns = Map.of();
  private long rows;
  private int at;

  ArrowReader(Path path) throws IOException {
    this.path = path;
    this.in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    Message first = message();
    if (first == null || first.headerType() != MessageHeader.Schema) {
      throw new ShardException(path + " is not an Arrow IPC stream");
    }
    this.schema = (Schema) required(first.header(new Schema()));
    for (int i = 0; i < schema.customMetadataLength(); i++) {
      metadata.put(schema.customMetadata(i).key(), schema.customMetadata(i).value());
    }
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    while (at == rows) {
      Message message = message();
      if (message == null) {
        return false;
      }
      if (message.headerType() != MessageHeader.RecordBatch) {
        throw new ShardException(path + ": has a message that is no batch of rows");
      }
      RecordBatch batch = (RecordBatch) required(message.header(new RecordBatch()));
      columns = columns(batch, bytes(Math.toIntExact(message.bodyLength())));
      rows = batch.length();
      at = 0;
    }
    fill(row);
    at++;
    return true;
  }

  private void fill(ShardRow row) {
    column("input_ids").ids(at, row);
    ArrowValues mask = columns.get(ArrowRows.LOSS_MASK);
    row.mask = mask == null ? null : mask.bytes(at);
    row.clearOrigin();
    if (columns.containsKey("sequence_id")) {
      row.docId = required(column("sequence_id").text(at));
      row.pieces = pieces();
    } else {
      row.docId = required(column("doc_id").text(at));
      row.file = required(column("file").text(at));
      row.offset = column("offset").number(at);
      row.part = (int) column("part").number(at);
      row.group = column("group").text(at);
    }
  }

  private List<Piece> pieces() {
    ArrowValues lengths = column("seq_lengths");
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    for (int i = lengths.from(at); i < lengths.from(at + 1); i++) {
      pieces.add(
          new Piece(
              start,
              required(column("doc_ids").text(i)),
              required(column("files").text(i)),
              column("offsets").number(i),
              (int) column("parts").number(i),
              (int) column("positions").number(i)));
      start += (int) lengths.number(i);
    }
    return pieces;
  }

  private ArrowValues column(String name) {
    ArrowValues column = columns.get(name);
    if (column == null) {
      throw new ShardException(path + ": has no column " + name + ", only " + columns.keySet());
    }
    return column;
  }

  /** Gives each column its buffers, which follow each other in the order of the fields. */
  private Map<String, ArrowValues> columns(RecordBatch batch, ByteBuffer body) {
    Map<String, ArrowValues> found = new LinkedHashMap<>();
    int buffer = 0;
    for (int i = 0; i < schema.fieldsLength(); i++) {
      Field field = schema.fields(i);
      boolean list = field.typeType() == Type.List;
      ByteBuffer validity = slice(batch, buffer++, body);
      ByteBuffer listEnds = list ? slice(batch, buffer++, body) : ByteBuffer.allocate(0);
      Field value = list ? field.children(0) : field;
      if (list) {
        buffer++; // validity of the values, which are never null here
      }
      boolean text = value.typeType() == Type.Utf8;
      if (!text && value.typeType() != Type.Int) {
        throw new ShardException(
            path + ": column " + field.name() + " is of a type that no shard has");
      }
      ByteBuffer textEnds = text ? slice(batch, buffer++, body) : ByteBuffer.allocate(0);
      int width = text ? 1 : ((Int) required(value.type(new Int()))).bitWidth() / 8;
      found.put(
          field.name(),
          new ArrowValues(width, validity, listEnds, textEnds, slice(batch, buffer++, body)));
    }
    return found;
  }

  private static ByteBuffer slice(RecordBatch batch, int number, ByteBuffer body) {
    return body.slice(
            Math.toIntExact(batch.buffers(number).offset()),
            Math.toIntExact(batch.buffers(number).length()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The next message's metadata, or null at the end. */
  private @Nullable Message message() throws IOException {
    byte[] prefix = in.readNBytes(8);
    if (prefix.length == 0) {
      return null; // a stream may end without its mark
    }
    if (prefix.length < 8) {
      throw new EOFException(path + " is cut short");
    }
    ByteBuffer sizes = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN);
    if (sizes.getInt() != 0xFFFFFFFF) {
      throw new ShardException(path + " is not an Arrow IPC stream");
    }
    int size = sizes.getInt();
    return size == 0 ? null : Message.getRootAsMessage(bytes(size));
  }

  private ByteBuffer bytes(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException(path + " is cut short");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private <T> T required(@Nullable T value) {
    if (value == null) {
      throw new ShardException(path + " is damaged: a part of a message is missing");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
