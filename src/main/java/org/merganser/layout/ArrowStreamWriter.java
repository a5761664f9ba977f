package org.merganser.layout;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.merganser.parquet.ByteSink;

/**
 * Writes an Arrow IPC stream: a schema, record batches, and the mark of the end. The bytes depend
 * on the rows and the metadata alone.
 */
final class ArrowStreamWriter implements Closeable {
  private static final int CONTINUATION = 0xFFFFFFFF;
  private static final int ALIGNMENT = 8;

  private final OutputStream out;
  private final List<ArrowColumn> columns;

  /**
   * @param metadata of the schema, written in its order
   */
  ArrowStreamWriter(Path file, List<ArrowColumn> columns, Map<String, String> metadata)
      throws IOException {
    this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.columns = columns;
    writeMessage(schema(metadata));
  }

  /** Writes the rows that the columns hold, and clears them. */
  void writeBatch() throws IOException {
    writeMessage(batch());
    for (ArrowColumn column : columns) {
      for (ByteSink buffer : column.buffers()) {
        out.write(buffer.bytes(), 0, buffer.size());
        out.write(new byte[(int) (padded(buffer.size()) - buffer.size())]);
      }
      column.clear();
    }
  }

  /** Marks the end of the stream. */
  void finish() throws IOException {
    ByteSink end = new ByteSink();
    end.putInt(CONTINUATION);
    end.putInt(0);
    out.write(end.bytes(), 0, end.size());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static long padded(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Prefixes the metadata with its size, padded so that what follows is aligned. */
  private void writeMessage(ByteBuffer metadata) throws IOException {
    int size = metadata.remaining();
    ByteSink prefix = new ByteSink();
    prefix.putInt(CONTINUATION);
    prefix.putInt((int) padded(size));
    out.write(prefix.bytes(), 0, prefix.size());
    byte[] bytes = new byte[(int) padded(size)];
    metadata.get(bytes, 0, size);
    out.write(bytes);
  }

  private ByteBuffer schema(Map<String, String> metadata) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int[] fields = columns.stream().mapToInt(column -> field(builder, column)).toArray();
    int[] pairs =
        metadata.entrySet().stream()
            .mapToInt(
                pair ->
                    KeyValue.createKeyValue(
                        builder,
                        builder.createString(pair.getKey()),
                        builder.createString(pair.getValue())))
            .toArray();
    int schema =
        Schema.createSchema(
            builder,
            Endianness.Little,
            Schema.createFieldsVector(builder, fields),
            Schema.createCustomMetadataVector(builder, pairs),
            0);
    return message(builder, MessageHeader.Schema, schema, 0);
  }

  /** A field may be null in Arrow's terms, as Python's libraries make them. */
  private static int field(FlatBufferBuilder builder, ArrowColumn column) {
    if (!column.isList()) {
      return field(builder, column.name(), column.type());
    }
    int item = field(builder, "item", column.type());
    int children = Field.createChildrenVector(builder, new int[] {item});
    int name = builder.createString(column.name());
    org.apache.arrow.flatbuf.List.startList(builder);
    int type = org.apache.arrow.flatbuf.List.endList(builder);
    return Field.createField(builder, name, true, Type.List, type, 0, children, 0);
  }

  private static int field(FlatBufferBuilder builder, String fieldName, ArrowColumn.Type kind) {
    int name = builder.createString(fieldName);
    int noChildren = Field.createChildrenVector(builder, new int[0]);
    if (kind == ArrowColumn.Type.TEXT) {
      Utf8.startUtf8(builder);
      int type = Utf8.endUtf8(builder);
      return Field.createField(builder, name, true, Type.Utf8, type, 0, noChildren, 0);
    }
    int bits =
        switch (kind) {
          case INT8 -> 8;
          case INT32 -> 32;
          default -> 64;
        };
    int type = Int.createInt(builder, bits, true);
    return Field.createField(builder, name, true, Type.Int, type, 0, noChildren, 0);
  }

  private ByteBuffer batch() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    List<long[]> nodes = columns.stream().flatMap(column -> column.nodes().stream()).toList();
    List<ByteSink> buffers = columns.stream().flatMap(column -> column.buffers().stream()).toList();
    // Flatbuffers grow from their end: structs of a vector are written last to first.
    RecordBatch.startNodesVector(builder, nodes.size());
    for (int i = nodes.size() - 1; i >= 0; i--) {
      FieldNode.createFieldNode(builder, nodes.get(i)[0], nodes.get(i)[1]);
    }
    int nodesVector = builder.endVector();
    long body = buffers.stream().mapToLong(buffer -> padded(buffer.size())).sum();
    long at = body;
    RecordBatch.startBuffersVector(builder, buffers.size());
    for (int i = buffers.size() - 1; i >= 0; i--) {
      at -= padded(buffers.get(i).size());
      Buffer.createBuffer(builder, at, buffers.get(i).size());
    }
    int buffersVector = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, nodes.get(0)[0]);
    RecordBatch.addNodes(builder, nodesVector);
    RecordBatch.addBuffers(builder, buffersVector);
    return message(builder, MessageHeader.RecordBatch, RecordBatch.endRecordBatch(builder), body);
  }

  private static ByteBuffer message(
      FlatBufferBuilder builder, byte headerType, int header, long bodyLength) {
    Message.startMessage(builder);
    Message.addVersion(builder, MetadataVersion.V5);
    Message.addHeaderType(builder, headerType);
    Message.addHeader(builder, header);
    Message.addBodyLength(builder, bodyLength);
    builder.finish(Message.endMessage(builder));
    return builder.dataBuffer();
  }
}
