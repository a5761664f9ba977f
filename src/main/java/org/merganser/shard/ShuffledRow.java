package org.merganser.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/**
 * A spilled row of a shuffle: its place, and its unsigned key, which decides the new one. The key
 * is computed only from the seed, the unit's number and the row's number in the unit, so the
 * shuffle is the same on every runner. Rows with the same key (one pair in 2^64) are ordered by
 * unit and row.
 */
record ShuffledRow(long key, int unit, long number, ShardRow row)
    implements Comparable<ShuffledRow> {
  /** Bits of a row's flags; the bits between them are the count of kept fields, at most 24. */
  private static final int GROUP = 1;

  private static final int MASK = 1 << 6;

  /** Spilled rows are divided into slots by the highest 12 bits of their keys. */
  static final int SLOTS = 1 << 12;

  /** Two rounds of SplitMix64's finalizer. */
  static long key(long seed, int unit, long row) {
    return mix(mix(seed + 0x9E3779B97F4A7C15L * (unit + 1L)) + 0x9E3779B97F4A7C15L * (row + 1));
  }

  static int slot(long key) {
    return (int) (key >>> 52);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  @Override
  public int compareTo(ShuffledRow other) {
    int order = Long.compareUnsigned(key, other.key);
    order = order != 0 ? order : Integer.compare(unit, other.unit);
    return order != 0 ? order : Long.compare(number, other.number);
  }

  static void write(ByteBuilder out, long key, int unit, long number, ShardRow row) {
    out.appendLong(key);
    out.appendInt(unit);
    out.appendLong(number);
    text(out, row.docId);
    text(out, row.file);
    out.appendLong(row.offset);
    out.appendInt(row.part);
    out.append(
        (byte)
            ((row.group == null ? 0 : GROUP)
                | row.kept.length << 1
                | (row.mask == null ? 0 : MASK)));
    if (row.group != null) {
      text(out, row.group);
    }
    for (Object value : row.kept) {
      kept(out, value);
    }
    out.appendInt(row.pieces.size());
    for (Piece piece : row.pieces) {
      out.appendInt(piece.start());
      text(out, piece.docId());
      text(out, piece.file());
      out.appendLong(piece.offset());
      out.appendInt(piece.part());
      out.appendInt(piece.position());
    }
    out.appendInt(row.count);
    for (int i = 0; i < row.count; i++) {
      out.appendInt(row.maskedId(i));
    }
  }

  private static void text(ByteBuilder out, String text) {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteBuilder out, byte[] bytes) {
    out.appendInt(bytes.length);
    out.append(bytes, 0, bytes.length);
  }

  private static void kept(ByteBuilder out, @Nullable Object value) {
    if (value instanceof byte[] utf8) {
      out.append((byte) 's');
      bytes(out, utf8);
    } else if (value instanceof Long number) {
      out.append((byte) 'i');
      out.appendLong(number);
    } else if (value instanceof Double number) {
      out.append((byte) 'd');
      out.appendLong(Double.doubleToRawLongBits(number));
    } else {
      out.append((byte) (value == null ? 'n' : Boolean.TRUE.equals(value) ? 't' : 'f'));
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
      row.split(row.ids, row.count);
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
