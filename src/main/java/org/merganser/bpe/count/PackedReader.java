package org.merganser.bpe.count;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads one block of {@link PackedCounts}, entry by entry, and checks all of it on the way. */
final class PackedReader {
  private final byte[] block;
  private int at;
  private final long entries;
  private final long total;
  private long read;
  private long sum;
  private byte[] key = new byte[64];
  private int keyLength;
  private int shared;
  private long count;

  /**
   * @throws IllegalArgumentException when the block is not one
   */
  PackedReader(byte[] block) {
    this.block = block;
    if (block.length == 0) {
      entries = 0;
      total = 0;
      return;
    }
    byte[] magic = PackedCounts.MAGIC;
    if (block.length < PackedCounts.FIXED_HEADER
        || !Arrays.equals(block, 0, magic.length - 1, magic, 0, magic.length - 1)) {
      throw new IllegalArgumentException(
          "packed counts: " + block.length + " bytes that do not start with \"MPC\"");
    }
    if (block[magic.length - 1] != magic[magic.length - 1]) {
      throw new IllegalArgumentException(
          ("packed counts: version %s; this release reads version %s. Count again, or"
                  + " use the release that wrote them")
              .formatted(block[magic.length - 1], magic[magic.length - 1]));
    }
    CRC32C crc = new CRC32C();
    crc.update(block, PackedCounts.FIXED_HEADER, block.length - PackedCounts.FIXED_HEADER);
    int stored = 0;
    for (int i = 0; i < 4; i++) {
      stored |= (block[magic.length + i] & 0xFF) << 8 * i;
    }
    if (stored != (int) crc.getValue()) {
      throw corrupt("its checksum is wrong (cut short or changed)");
    }
    at = PackedCounts.FIXED_HEADER;
    entries = varint();
    total = varint();
  }

  /** Moves to the next entry; false at the end. */
  boolean next() {
    if (read == entries) {
      if (at != block.length) {
        throw corrupt(block.length - at + " bytes follow its last entry");
      }
      if (sum != total) {
        throw corrupt("its counts sum to " + sum + ", its header says " + total);
      }
      return false;
    }
    long prefix = varint();
    long suffix = varint();
    if (prefix > keyLength || suffix > block.length - at || prefix + suffix == 0) {
      throw corrupt("entry " + read + " has a prefix of " + prefix + " and " + suffix + " bytes");
    }
    shared = (int) prefix;
    int length = (int) (prefix + suffix);
    boolean greater =
        read == 0
            || (suffix > 0 && (shared == keyLength || (block[at] & 0xFF) > (key[shared] & 0xFF)));
    if (!greater) {
      throw corrupt("entry " + read + " is out of order");
    }
    if (length > key.length) {
      key = Arrays.copyOf(key, Math.max(length, 2 * key.length));
    }
    System.arraycopy(block, at, key, shared, (int) suffix);
    at += (int) suffix;
    keyLength = length;
    count = varint();
    if (count < 1 || count > total - sum) {
      throw corrupt("entry " + read + " has count " + count);
    }
    sum += count;
    read++;
    return true;
  }

  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  /** How many bytes the key has in common with the one before; no more, since it is greater. */
  int shared() {
    return shared;
  }

  long count() {
    return count;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (at == block.length) {
        throw corrupt("it ends within entry " + read);
      }
      byte b = block[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw corrupt("a number at byte " + at + " is longer than 63 bits");
  }

  private IllegalArgumentException corrupt(String what) {
    return new IllegalArgumentException(
        ("packed counts: a block of %s bytes is corrupt: %s; delete it and count its"
                + " unit again")
            .formatted(block.length, what));
  }
}
