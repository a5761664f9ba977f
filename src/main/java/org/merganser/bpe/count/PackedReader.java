package org.merganser.bpe.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads one block of {@link PackedCounts}, entry by entry. */
final class PackedReader implements Comparable<PackedReader> {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] block;

  /** The index among the blocks that are read together. */
  private final int number;

  private int at;
  private byte[] key = new byte[64];
  private int keyLength;

  /** The first eight bytes of the key, the first highest, zeros after its end. */
  private long firstBytes;

  private long count;

  PackedReader(byte[] block, int number) {
    this.block = block;
    this.number = number;
  }

  boolean next() {
    if (at == block.length) {
      return false;
    }
    int shared = (int) varint();
    int suffix = (int) varint();
    keyLength = shared + suffix;
    if (keyLength > key.length) {
      key = Arrays.copyOf(key, Math.max(keyLength, 2 * key.length));
    }
    System.arraycopy(block, at, key, shared, suffix);
    at += suffix;
    long first = (long) LONG.get(key, 0);
    firstBytes = keyLength < 8 ? first >>> 64 - 8 * keyLength << 64 - 8 * keyLength : first;
    count = varint();
    return true;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = block[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  int number() {
    return number;
  }

  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  long count() {
    return count;
  }

  @Override
  public int compareTo(PackedReader other) {
    if (firstBytes != other.firstBytes) {
      return Long.compareUnsigned(firstBytes, other.firstBytes);
    }
    int order = Arrays.compareUnsigned(key, 0, keyLength, other.key, 0, other.keyLength);
    return order != 0 ? order : Integer.compare(number, other.number);
  }
}
