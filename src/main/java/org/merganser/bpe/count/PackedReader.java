package org.merganser.bpe.count;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads one block of {@link PackedCounts} or {@link GroupedCounts}, entry by entry, and checks all
 * of it on the way. Of a grouped block, {@link #count} is the sum of all groups.
 */
final class PackedReader {
  private final byte[] block;

  /** Names of the groups that the block tells apart; none in a block without groups. */
  private final List<String> names;

  /** Groups of the entry, as places in {@link #names}, ascending, and their counts. */
  private final int[] groups;

  private final long[] groupCounts;
  private int groupsOfEntry;
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
      names = List.of();
      groups = new int[0];
      groupCounts = new long[0];
      return;
    }
    boolean grouped = startsWith(GroupedCounts.MAGIC);
    byte[] magic = PackedCounts.MAGIC;
    if (block.length < PackedCounts.FIXED_HEADER || !grouped && !startsWith(magic)) {
      throw new IllegalArgumentException(
          "packed counts: " + block.length + " bytes that do not start with \"MPC\" or \"MPG\"");
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
    names = grouped ? names() : List.of();
    groups = new int[names.size()];
    groupCounts = new long[names.size()];
    entries = varint();
    total = varint();
  }

  private boolean startsWith(byte[] magic) {
    int letters = magic.length - 1;
    return block.length > letters && Arrays.equals(block, 0, letters, magic, 0, letters);
  }

  private List<String> names() {
    long count = varint();
    if (count < 1 || count > GroupedCounts.MAX_GROUPS) {
      throw corrupt("it has " + count + " groups");
    }
    List<String> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long length = varint();
      if (length > block.length - at) {
        throw corrupt("the name of group " + i + " has " + length + " bytes");
      }
      read.add(new String(block, at, (int) length, StandardCharsets.UTF_8));
      at += (int) length;
    }
    return List.copyOf(read);
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
    count = names.isEmpty() ? varint() : groups();
    if (count < 1 || count > total - sum) {
      throw corrupt("entry " + read + " has count " + count);
    }
    sum += count;
    read++;
    return true;
  }

  /** Reads the counts of an entry by group and returns their sum; 0 for one that is damaged. */
  private long groups() {
    groupsOfEntry = 0;
    int group = -1;
    long sumOfGroups = 0;
    boolean more = true;
    while (more) {
      long step = varint();
      more = (step & 1) != 0;
      if (step >>> 1 >= names.size() - group - 1) {
        throw corrupt("entry " + read + " has a group beyond the last");
      }
      group += 1 + (int) (step >>> 1);
      long each = varint();
      if (each < 1 || each > total - sum - sumOfGroups) {
        return 0;
      }
      groups[groupsOfEntry] = group;
      groupCounts[groupsOfEntry++] = each;
      sumOfGroups += each;
    }
    return sumOfGroups;
  }

  /** Names of the groups that the block tells apart, ascending; none in a block without groups. */
  List<String> groupNames() {
    return names;
  }

  /** How many groups have the entry. */
  int groupsOfEntry() {
    return groupsOfEntry;
  }

  /** The place in {@link #groupNames} of group {@code i} of the entry. */
  int group(int i) {
    return groups[i];
  }

  /** How often group {@code i} of the entry has it. */
  long groupCount(int i) {
    return groupCounts[i];
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
