package org.merganser.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.store.UnusableFileException;

/**
 * Writes and reads a {@link ShuffledRow} in the form in which a shuffle spills it: all that a
 * {@link ShardRow} has, numbers in little-endian order, texts and lists after their lengths.
 */
final class ShuffledRowCodec {
  /** The bit in a row's flags that it has a group. */
  private static final int GROUP_FLAG = 1;

  /** The place in a row's flags of the number of kept fields. */
  private static final int KEPT_SHIFT = 1;

  /** The bits of the number of kept fields, of which a job ({@code ShardRules}) has at most 24. */
  private static final int KEPT_MASK = 0x1F;

  /** The bit in a row's flags that its ids have a loss mask in their sign bits. */
  private static final int LOSS_MASK_FLAG = 1 << 6;

  // The letters before the value of a kept field.
  private static final byte TEXT = 's';
  private static final byte INTEGER = 'i';
  private static final byte DOUBLE = 'd';
  private static final byte TRUE = 't';
  private static final byte FALSE = 'f';
  private static final byte NULL = 'n';

  private ShuffledRowCodec() {}

  /**
   * Appends a row in the form that {@link #read} reads.
   *
   * @param key the {@link ShuffledRow#key} of the row
   * @param number the number of the row in its unit, from 0
   */
  static void write(ByteBuilder out, long key, int unit, long number, ShardRow row) {
    out.appendLong(key);
    out.appendInt(unit);
    out.appendLong(number);
    writeText(out, row.docId);
    writeText(out, row.file);
    out.appendLong(row.offset);
    out.appendInt(row.part);
    int groupFlag = row.group == null ? 0 : GROUP_FLAG;
    int lossMaskFlag = row.mask == null ? 0 : LOSS_MASK_FLAG;
    out.append((byte) (groupFlag | (row.kept.length << KEPT_SHIFT) | lossMaskFlag));
    if (row.group != null) {
      writeText(out, row.group);
    }
    for (Object value : row.kept) {
      writeKept(out, value);
    }
    out.appendInt(row.pieces.size());
    for (Piece piece : row.pieces) {
      writePiece(out, piece);
    }
    out.appendInt(row.count);
    for (int i = 0; i < row.count; i++) {
      out.appendInt(row.maskedId(i));
    }
  }

  private static void writePiece(ByteBuilder out, Piece piece) {
    out.appendInt(piece.start());
    writeText(out, piece.docId());
    writeText(out, piece.file());
    out.appendLong(piece.offset());
    out.appendInt(piece.part());
    out.appendInt(piece.position());
  }

  private static void writeText(ByteBuilder out, String text) {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeBytes(ByteBuilder out, byte[] bytes) {
    out.appendInt(bytes.length);
    out.append(bytes, 0, bytes.length);
  }

  /** Writes the value of a kept field after a letter for its type. */
  private static void writeKept(ByteBuilder out, @Nullable Object value) {
    if (value instanceof byte[] utf8) {
      out.append(TEXT);
      writeBytes(out, utf8);
    } else if (value instanceof Long number) {
      out.append(INTEGER);
      out.appendLong(number);
    } else if (value instanceof Double number) {
      out.append(DOUBLE);
      out.appendLong(Double.doubleToRawLongBits(number));
    } else if (value instanceof Boolean flag) {
      out.append(flag ? TRUE : FALSE);
    } else if (value == null) {
      out.append(NULL);
    } else {
      throw new IllegalArgumentException("a kept value of " + value.getClass());
    }
  }

  /**
   * Reads a row, and moves the buffer to its end.
   *
   * @throws UnusableFileException for a kept value of an unknown type
   */
  static ShuffledRow read(ByteBuffer in) {
    long key = in.getLong();
    int unit = in.getInt();
    long number = in.getLong();
    ShardRow row = new ShardRow();
    row.docId = readText(in);
    row.file = readText(in);
    row.offset = in.getLong();
    row.part = in.getInt();
    int flags = in.get();
    row.group = (flags & GROUP_FLAG) == 0 ? null : readText(in);
    row.kept = new @Nullable Object[(flags >> KEPT_SHIFT) & KEPT_MASK];
    for (int i = 0; i < row.kept.length; i++) {
      row.kept[i] = readKept(in);
    }
    int pieces = in.getInt();
    if (pieces > 0) {
      row.pieces = new ArrayList<>(pieces);
      for (int i = 0; i < pieces; i++) {
        row.pieces.add(readPiece(in));
      }
    }
    row.count = in.getInt();
    row.ids = new int[row.count];
    in.asIntBuffer().get(row.ids);
    in.position(in.position() + Integer.BYTES * row.count);
    if ((flags & LOSS_MASK_FLAG) != 0) {
      row.setMaskedIds(row.ids, row.count);
    }
    return new ShuffledRow(key, unit, number, row);
  }

  private static Piece readPiece(ByteBuffer in) {
    int start = in.getInt();
    String docId = readText(in);
    String file = readText(in);
    long offset = in.getLong();
    int part = in.getInt();
    int position = in.getInt();
    return new Piece(start, docId, file, offset, part, position);
  }

  /** Reads what {@link #writeKept} wrote. */
  private static @Nullable Object readKept(ByteBuffer in) {
    byte letter = in.get();
    return switch (letter) {
      case TEXT -> readBytes(in);
      case INTEGER -> in.getLong();
      case DOUBLE -> in.getDouble();
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> null;
      default ->
          throw new UnusableFileException("a spilled row has a kept value of type " + letter);
    };
  }

  private static String readText(ByteBuffer in) {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
