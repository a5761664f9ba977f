package org.merganser.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.io.ParquetDecodingException;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of a page, in the form in which {@link IdListColumn} writes them: one bit-packed run,
 * in which an index takes whole bytes. So they are looked up where they lie, while Parquet's own
 * reader unpacks eight at a time and hands on one by one.
 */
final class PackedIndexes {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int width;
  private final int end;
  private int at;

  private PackedIndexes(byte[] bytes, int at, int end, int width) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.width = width;
  }

  /**
   * The indexes of a page in this form; null for every other.
   *
   * @param page the width of an index in bits, and runs of Parquet's hybrid; not read on from
   */
  static @Nullable PackedIndexes of(ByteBuffer page) {
    ByteBuffer in = page.duplicate();
    if (!in.hasArray() || !in.hasRemaining()) {
      return null;
    }
    int bits = in.get();
    long header = 0;
    int shift = 0;
    byte next = -1;
    while (next < 0 && shift < Integer.SIZE && in.hasRemaining()) {
      next = in.get();
      header |= (long) (next & 0x7F) << shift;
      shift += 7;
    }
    boolean packed = (bits == 8 || bits == 16 || bits == 24) && next >= 0 && (header & 1) == 1;
    if (!packed || (header >>> 1) * bits != in.remaining()) {
      return null;
    }
    int at = in.arrayOffset() + in.position();
    return new PackedIndexes(in.array(), at, at + in.remaining(), bits / 8);
  }

  /**
   * Looks the next {@code count} indexes up in {@code table}, into {@code to} from {@code from}.
   */
  void read(int[] table, int[] to, int from, int count) {
    if (count > (end - at) / width) {
      throw new ParquetDecodingException("the indexes of a page end before its values");
    }
    int p = at;
    int past = from + count;
    switch (width) {
      case 1 -> {
        for (int i = from; i < past; i++) {
          to[i] = table[bytes[p++] & 0xFF];
        }
      }
      case 2 -> {
        for (int i = from; i < past; i++, p += 2) {
          to[i] = table[(short) SHORTS.get(bytes, p) & 0xFFFF];
        }
      }
      default -> {
        for (int i = from; i < past; i++, p += 3) {
          int index = bytes[p] & 0xFF | (bytes[p + 1] & 0xFF) << 8 | (bytes[p + 2] & 0xFF) << 16;
          to[i] = table[index];
        }
      }
    }
    at += count * width;
  }
}
