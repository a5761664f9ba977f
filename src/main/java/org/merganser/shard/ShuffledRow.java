package org.merganser.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.HashMultiplier;
import org.merganser.store.UnusableFileException;

/**
 * A spilled row of a shuffle: its old place, and its unsigned key, which decides its new place. The
 * key is computed only from the seed, the unit's number and the number of the document's first row
 * in the unit, so the shuffle is the same on every runner, and the parts of a document have one
 * key. Rows of one key are ordered by unit and number: the parts of a document, and one of 2^64
 * pairs of documents by chance.
 *
 * @param key the result of {@link #key}
 * @param unit the number of the row's unit
 * @param number the number of the row in its unit, from 0
 * @param row the row itself
 */
record ShuffledRow(long key, int unit, long number, ShardRow row)
    implements Comparable<ShuffledRow> {
  /** The highest bits of a key, which are the number of its slot. */
  private static final int SLOT_BITS = 12;

  /** The number of slots. */
  static final int SLOTS = 1 << SLOT_BITS;

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

  /**
   * The key of a row: two rounds of SplitMix64, one for the unit and one for the row. SplitMix64
   * steps from a number to the next one by {@link HashMultiplier#GOLDEN_RATIO}.
   *
   * @param documentRow the number in the unit of the first row of the document
   */
  static long key(long seed, int unit, long documentRow) {
    long ofUnit = mix(seed + HashMultiplier.GOLDEN_RATIO * (unit + 1L));
    return mix(ofUnit + HashMultiplier.GOLDEN_RATIO * (documentRow + 1));
  }

  /** SplitMix64's finalizer. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The slot of a key, below {@link #SLOTS}; unsigned keys in order have slots in order. */
  static int slot(long key) {
    return (int) (key >>> (Long.SIZE - SLOT_BITS));
  }

  @Override
  public int compareTo(ShuffledRow other) {
    int byKey = Long.compareUnsigned(key, other.key);
    if (byKey != 0) {
      return byKey;
    }
    int byUnit = Integer.compare(unit, other.unit);
    return byUnit != 0 ? byUnit : Long.compare(number, other.number);
  }

  /**
   * Appends a row in the form that {@link #read} reads.
   *
   * @param key the {@link #key} of the row
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
