package org.merganser.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.parquet.ByteSink;

/**
 * A row that was set aside for a shuffle: its key and place, then the row.
 *
 * @param key decides its new place, unsigned
 */
record ShuffledRow(long key, int unit, long number, ShardRow row)
    implements Comparable<ShuffledRow> {

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
    out.putByte(row.group == null ? 0 : 1);
    if (row.group != null) {
      text(out, row.group);
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
      out.putInt(row.ids[i]);
    }
  }

  private static void text(ByteSink out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(utf8.length);
    out.put(utf8, 0, utf8.length);
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
    row.group = in.get() == 0 ? null : text(in);
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
    return new ShuffledRow(key, unit, number, row);
  }

  private static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getInt()];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
