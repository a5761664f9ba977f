package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.merganser.parquet.ByteSink;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;

/**
 * A row as a sample of MDS: the sizes of the columns that have none of their own (u32 each), then
 * the columns (streaming/base/format/mds/encodings.py). A row without ids has an array of none,
 * which the format's own writer refuses and its reader takes.
 */
final class MdsSample {
  static final String LOSS_MASK = "loss_mask";

  /**
   * A column.
   *
   * @param size in bytes; 0 where it differs from sample to sample
   */
  record Column(String name, String encoding, int size) {}

  /** By name, as the format demands. */
  private static final List<Column> DOCUMENT =
      List.of(
          new Column("doc_id", "str", 0),
          new Column("file", "str", 0),
          new Column("group", "str", 0),
          new Column("offset", "int", 8),
          new Column("part", "int", 8),
          new Column("tokens", "ndarray:int32", 0));

  private static final List<Column> PACKED =
      List.of(
          new Column("doc_ids", "json", 0),
          new Column("files", "json", 0),
          new Column("offsets", "ndarray:int64", 0),
          new Column("parts", "ndarray:int32", 0),
          new Column("positions", "ndarray:int32", 0),
          new Column("sequence_id", "str", 0),
          new Column("starts", "ndarray:int32", 0),
          new Column("tokens", "ndarray:int32", 0));

  private static final Column MASK = new Column(LOSS_MASK, "ndarray:uint8", 0);

  private MdsSample() {}

  /**
   * The columns of a row.
   *
   * @param masked whether it has a loss mask
   */
  static List<Column> columns(boolean packed, boolean masked) {
    List<Column> columns = packed ? PACKED : DOCUMENT;
    return masked
        ? Stream.concat(columns.stream(), Stream.of(MASK))
            .sorted(Comparator.comparing(Column::name))
            .toList()
        : columns;
  }

  static void write(ShardRow row, List<Column> columns, ByteSink out) {
    ByteSink sizes = new ByteSink();
    ByteSink body = new ByteSink();
    for (Column column : columns) {
      int before = body.size();
      write(row, column.name(), body);
      if (column.size() == 0) {
        sizes.putInt(body.size() - before);
      }
    }
    out.put(sizes.bytes(), 0, sizes.size());
    out.put(body.bytes(), 0, body.size());
  }

  private static void write(ShardRow row, String column, ByteSink out) {
    switch (column) {
      case "doc_id", "sequence_id" -> text(row.docId, out);
      case "file" -> text(row.file, out);
      case "group" -> text(row.group == null ? "" : row.group, out);
      case "offset" -> out.putLong(row.offset);
      case "part" -> out.putLong(row.part);
      case "tokens" -> {
        shape(row.count, out);
        for (int i = 0; i < row.count; i++) {
          out.putInt(row.ids[i]);
        }
      }
      case LOSS_MASK -> {
        int[] mask = Objects.requireNonNull(row.mask, "a row has no loss mask");
        shape(row.count, out);
        for (int i = 0; i < row.count; i++) {
          out.putByte(mask[i]);
        }
      }
      case "doc_ids" -> texts(row, Piece::docId, out);
      case "files" -> texts(row, Piece::file, out);
      case "offsets" -> {
        shape(row.pieces.size(), out);
        row.pieces.forEach(piece -> out.putLong(piece.offset()));
      }
      case "parts" -> ints(row, Piece::part, out);
      case "positions" -> ints(row, Piece::position, out);
      case "starts" -> ints(row, Piece::start, out);
      default -> throw new IllegalStateException("no column is called " + column);
    }
  }

  private static void text(String text, ByteSink out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.put(utf8, 0, utf8.length);
  }

  private static void texts(ShardRow row, Function<Piece, String> of, ByteSink out) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    row.pieces.forEach(piece -> list.add(of.apply(piece)));
    text(list.toString(), out);
  }

  private static void ints(ShardRow row, Function<Piece, Integer> of, ByteSink out) {
    shape(row.pieces.size(), out);
    row.pieces.forEach(piece -> out.putInt(of.apply(piece)));
  }

  /** One dimension, in the smallest of 1, 2 and 4 bytes: (1 << 2 | log2 of the bytes), length. */
  static void shape(int length, ByteSink out) {
    if (length < 1 << 8) {
      out.putByte(1 << 2);
      out.putByte(length);
    } else if (length < 1 << 16) {
      out.putByte(1 << 2 | 1);
      out.putShort(length);
    } else {
      out.putByte(1 << 2 | 2);
      out.putInt(length);
    }
  }
}
