package org.merganser.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ByteSink;

/**
 * A row that was set aside for a shuffle: its key and place, then the row.
 *
 * @param key decides its new place, unsigned
 */
record ShuffledRow(long key, int unit, long number, ShardRow row)
    implements Comparable<ShuffledRow> {
  /** Flags of a row; between them stands the count of kept fields, at most 24. */
  private static final int GROUP = 1;

  private static final int MASK = 1 << 6;

  @Override
  public int compareTo(ShuffledRow other) {
    int order = Long.compareUnsigned(key, other.key);
    order = order != 0 ? order : Integer.compare(unit, other.unit);
    return order != 0 ? order : Long.compare(number, other.number);
  }

  static void write(ByteSink out, long key, int unit, long number, ShardRow row) {
    out.putLong(key);
    out.putInt(unit);
    out.putLong(number);
    text(out, row.docId);
    text(out, row.file);
    out.putLong(row.offset);
    out.putInt(row.part);
    out.putByte(
        (row.group == null ? 0 : GROUP) | row.kept.length << 1 | (row.mask == null ? 0 : MASK));
    if (row.group != null) {
      text(out, row.group);
    }
    for (Object value : row.kept) {
      kept(out, value);
    }
    out.putInt(row.pieces.size());
    for (Piece piece : row.pieces) {
      out.putInt(piece.start());
      text(out, piece.docId());
      text(out, piece.file());
      out.putLong(piece.offset());
      out.putInt(piece.part());
      out.putInt(piece.position());
    }
    out.putInt(row.count);
    for (int i = 0; i < row.count; i++) {
      out.putInt(MaskedIds.of(row, i));
    }
  }

  private static void text(ByteSink out, String text) {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteSink out, byte[] bytes) {
    out.putInt(bytes.length);
    out.put(bytes, 0, bytes.length);
  }

  /** A value of a kept field, behind a byte for its type. */
  private static void kept(ByteSink out, @Nullable Object value) {
    if (value instanceof byte[] utf8) {
      out.putByte('s');
      bytes(out, utf8);
    } else if (value instanceof Long number) {
      out.putByte('i');
      out.putLong(number);
    } else if (value instanceof Double number) {
      out.putByte('d');
      out.putLong(Double.doubleToRawLongBits(number));
    } else {
      out.putByte(value == null ? 'n' : Boolean.TRUE.equals(value) ? 't' : 'f');
    }
  }

  private static @Nullable Object kept(ByteBuffer in) {
    return switch (in.get()) {
      case 's' -> bytes(in);
      case 'i' -> in.getLong();
      case 'd' -> in.getDouble();
      case 't' -> true;
      case 'f' -> false;
      default -> null;
    };
  }

  /** Reads the next row of a little-endian buffer. */
  static ShuffledRow read(ByteBuffer in) {
    long key = in.getLong();
    int unit = in.getInt();
    long number = in.getLong();
    ShardRow row = new ShardRow();
    row.docId = text(in);
    row.file = text(in);
    row.offset = in.getLong();
    row.part = in.getInt();
    int flags = in.get();
    row.group = (flags & GROUP) == 0 ? null : text(in);
    row.kept = new @Nullable Object[(flags & ~MASK) >> 1];
    for (int i = 0; i < row.kept.length; i++) {
      row.kept[i] = kept(in);
    }
    int pieces = in.getInt();
    if (pieces > 0) {
      List<Piece> list = new ArrayList<>(pieces);
      for (int i = 0; i < pieces; i++) {
        list.add(
            new Piece(in.getInt(), text(in), text(in), in.getLong(), in.getInt(), in.getInt()));
      }
      row.pieces = list;
    }
    row.count = in.getInt();
    row.ids = new int[row.count];
    in.asIntBuffer().get(row.ids);
    in.position(in.position() + 4 * row.count);
    if ((flags & MASK) != 0) {
      MaskedIds.split(row.ids, row.count, row);
    }
    return new ShuffledRow(key, unit, number, row);
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
