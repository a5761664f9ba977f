package org.merganser.bpe.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Sorts the slots of a {@link PretokenCounts} by the bytes of their pretokens. */
final class SlotSort extends RadixSort {
  /** Eight bytes as a long, the first highest. */
  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[] table;
  private final LongPretokens longer;

  /**
   * @param table the slots, as {@link PretokenCounts} describes them
   * @param longer the pretokens that are not their own keys
   */
  SlotSort(long[] table, LongPretokens longer) {
    this.table = table;
    this.longer = longer;
  }

  @Override
  long key(int slot, int depth) {
    long low = table[slot];
    long high = table[slot + PretokenCounts.HIGH];
    if (PretokenCounts.isLonger(high)) {
      int index = (int) high;
      return keyOfLonger(index, KEY_BYTES * depth);
    }
    int bytesLeft = PretokenCounts.lengthOfShort(high) - KEY_BYTES * depth;
    // Reversed, the eighth byte is the lowest: it makes room for the number of bytes.
    return (Long.reverseBytes(eightBytes(low, high, depth)) & ~0xFFL) | Math.min(bytesLeft, MORE);
  }

  /**
   * Eight bytes of the key of a short pretoken from {@code KEY_BYTES * depth} on, the first lowest,
   * of which the eighth has no meaning.
   *
   * @param depth 0 to 2, since a short pretoken has up to 15 bytes
   */
  private static long eightBytes(long low, long high, int depth) {
    return switch (depth) {
      case 0 -> low;
      case 1 -> (low >>> 56) | (high << 8);
      default -> (high >>> 48) & 0xFF;
    };
  }

  /** The key of the longer pretoken at an index, from byte {@code offset} on. */
  private long keyOfLonger(int index, int offset) {
    byte[] bytes = longer.bytes();
    int at = longer.start(index) + offset;
    int bytesLeft = longer.end(index) - at;
    if (bytesLeft > KEY_BYTES) {
      return ((long) BIG_ENDIAN.get(bytes, at) & ~0xFFL) | MORE;
    }
    long key = bytesLeft;
    for (int i = 0; i < bytesLeft; i++) {
      key |= (bytes[at + i] & 0xFFL) << (56 - 8 * i);
    }
    return key;
  }
}
