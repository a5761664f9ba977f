package org.merganser.bpe.count;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.merganser.bpe.Varints;

/** Writes one block of {@link PackedCounts} or {@link GroupedCounts} from entries in order. */
final class PackedWriter {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  /** Names of the groups that the block tells apart; none in a block without groups. */
  private final List<String> groups;

  private byte[] body = new byte[256];
  private int length;
  private long entries;
  private long total;
  private byte[] previous = new byte[64];
  private int previousLength;

  /** Writes a block without groups. */
  PackedWriter() {
    this(List.of());
  }

  /**
   * Writes a block that tells groups apart.
   *
   * @param groups their names, ascending
   */
  PackedWriter(List<String> groups) {
    this.groups = groups;
  }

  /** Appends an entry greater, in unsigned order, than the one before. */
  void append(byte[] bytes, int from, int to, long count) {
    int most = Math.min(to - from, previousLength);
    int difference = Arrays.mismatch(previous, 0, most, bytes, from, from + most);
    append(bytes, from, to, difference < 0 ? most : difference, count);
  }

  /**
   * Appends an entry of which the caller knows how many bytes it has in common with the one before.
   */
  void append(byte[] bytes, int from, int to, int shared, long count) {
    appendKey(bytes, from, to, shared);
    length = Varints.write(body, length, count);
    total = Math.addExact(total, count);
  }

  /**
   * Appends an entry with its counts by group.
   *
   * @param present the first {@code n} are the groups that have it, ascending
   * @param counts by group
   */
  void append(byte[] bytes, int to, int shared, int[] present, int n, long[] counts) {
    appendKey(bytes, 0, to, shared);
    ensure(20L * n);
    int last = -1;
    for (int i = 0; i < n; i++) {
      int step = present[i] - last - 1;
      length = Varints.write(body, length, 2L * step + (i + 1 < n ? 1 : 0));
      length = Varints.write(body, length, counts[present[i]]);
      total = Math.addExact(total, counts[present[i]]);
      last = present[i];
    }
  }

  private void appendKey(byte[] bytes, int from, int to, int shared) {
    int n = to - from;
    int suffix = n - shared;
    ensure(suffix + 20L);
    length = Varints.write(body, length, shared);
    length = Varints.write(body, length, suffix);
    System.arraycopy(bytes, from + shared, body, length, suffix);
    length += suffix;
    if (n > previous.length) {
      previous = Arrays.copyOf(previous, Math.max(n, 2 * previous.length));
    }
    System.arraycopy(bytes, from + shared, previous, shared, suffix);
    previousLength = n;
    entries++;
  }

  /** At most so many bytes of the names of groups and of their lengths. */
  private int namesBytes() {
    int bytes = 10;
    for (String name : groups) {
      bytes += 10 + 3 * name.length();
    }
    return bytes;
  }

  private int writeNames(byte[] header, int start) {
    if (groups.isEmpty()) {
      return start;
    }
    int at = Varints.write(header, start, groups.size());
    for (String name : groups) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      at = Varints.write(header, at, utf8.length);
      System.arraycopy(utf8, 0, header, at, utf8.length);
      at += utf8.length;
    }
    return at;
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException(
          ("a block of packed counts exceeds %s bytes after %s pretokens; use more" + " partitions")
              .formatted(MAX_BYTES, entries));
    }
    if (needed > body.length) {
      body = Arrays.copyOf(body, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * body.length)));
    }
  }

  /** The block; empty when there was no entry. */
  byte[] toBlock() {
    if (entries == 0) {
      return new byte[0];
    }
    byte[] magic = groups.isEmpty() ? PackedCounts.MAGIC : GroupedCounts.MAGIC;
    byte[] header = new byte[PackedCounts.FIXED_HEADER + 20 + namesBytes()];
    System.arraycopy(magic, 0, header, 0, magic.length);
    int at = writeNames(header, PackedCounts.FIXED_HEADER);
    at = Varints.write(header, at, entries);
    at = Varints.write(header, at, total);
    CRC32C crc = new CRC32C();
    crc.update(header, PackedCounts.FIXED_HEADER, at - PackedCounts.FIXED_HEADER);
    crc.update(body, 0, length);
    for (int i = 0; i < 4; i++) {
      header[PackedCounts.MAGIC.length + i] = (byte) (crc.getValue() >>> 8 * i);
    }
    byte[] block = Arrays.copyOf(header, at + length);
    System.arraycopy(body, 0, block, at, length);
    return block;
  }
}
