package org.merganser.pipeline.pretokens;

import java.util.Arrays;
import org.merganser.binary.LittleEndian;
import org.merganser.binary.Varints;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;

/**
 * The ids of kept pretokens. Each distinct pretoken is encoded once, before the first segment that
 * has it. Its entry, a long, holds up to three ids below 2^20 and their count ({@link #packed}).
 * More or larger ids are in a buffer; the entry is then negative and has their count and their
 * place in the buffer ({@link #placed}).
 */
final class KeptPretokenIds {
  /** The ids that an entry can hold. */
  private static final int MAX_PACKED = 3;

  private static final int ID_BITS = 20;
  private static final int ID_MASK = (1 << ID_BITS) - 1;

  /** In place of an entry: the ids do not fit one. */
  private static final long TOO_LARGE = -1;

  /** Where a packed entry has the number of its ids, above the ids. */
  private static final int COUNT_SHIFT = MAX_PACKED * ID_BITS;

  /** The codes for whose ids room is made at a time. */
  private static final int CODES_AT_ONCE = 4096;

  /** The most new pretokens that are encoded at a time. */
  private static final int NEW_AT_ONCE = 512;

  private final Encoder encoder;

  /** The ids that do not fit into their entries. */
  private final IdBuffer unpacked = new IdBuffer(1 << 10);

  /** The end of each new pretoken in the bytes of its block. */
  private final int[] ends = new int[NEW_AT_ONCE];

  /** The end of the ids of each new pretoken in {@link #unpacked}. */
  private final int[] idEnds = new int[NEW_AT_ONCE];

  /** The entry of each pretoken, by its number. */
  private long[] entries = new long[1 << 16];

  /** The number of entries. */
  private int size;

  /** The number of the pretoken that the next {@link KeptPretokenBlocks#NEXT} stands for. */
  private int next;

  KeptPretokenIds(Encoder encoder) {
    this.encoder = encoder;
  }

  /** Appends the ids of the pretokens of some blocks ({@link KeptPretokenBlocks}). */
  void append(byte[] blocks, int from, int to, IdBuffer out) {
    int at = from;
    while (at < to) {
      if (blocks[at++] != 0) { // numbers begin again
        size = 0;
        unpacked.clear();
      }
      int newPretokens = (int) Varints.read(blocks, at);
      at += Varints.length(newPretokens);
      int lengthBytes = (int) Varints.read(blocks, at);
      at += Varints.length(lengthBytes);
      int codeBytes = (int) Varints.read(blocks, at);
      at += Varints.length(codeBytes);
      next = Math.max(size, KeptPretokenBlocks.FIRST_MARKER);
      int codes = encodeNew(blocks, at, at + lengthBytes, newPretokens);
      at = codes + codeBytes;
      appendCodes(blocks, codes, at, out);
    }
  }

  /**
   * Encodes the new pretokens of a block.
   *
   * @param lengths where their lengths begin
   * @param words where their bytes begin
   * @param count the number of new pretokens
   * @return where their bytes end
   */
  private int encodeNew(byte[] block, int lengths, int words, int count) {
    int length = lengths;
    int from = words;
    for (int first = 0; first < count; first += NEW_AT_ONCE) {
      int n = Math.min(NEW_AT_ONCE, count - first);
      int to = from;
      for (int i = 0; i < n; i++) {
        int bytes = (int) Varints.read(block, length);
        length += Varints.length(bytes);
        to += bytes;
        ends[i] = to;
      }
      encode(block, from, n);
      from = to;
    }
    return from;
  }

  /**
   * Encodes pretokens, which receive the next numbers. All their ids are first in the buffer; those
   * that fit their entry are then removed from it, in place.
   */
  private void encode(byte[] text, int from, int count) {
    if (size + count > entries.length) { // twice is enough: count is at most NEW_AT_ONCE
      entries = Arrays.copyOf(entries, 2 * entries.length);
    }
    int first = unpacked.size();
    encoder.encodePretokens(text, from, ends, count, unpacked, idEnds);
    int[] ids = unpacked.ids();
    int idsFrom = first;
    int kept = first;
    for (int i = 0; i < count; i++) {
      int idCount = idEnds[i] - idsFrom;
      long entry = packed(ids, idsFrom, idCount);
      if (entry == TOO_LARGE) {
        entry = placed(idCount, kept);
        System.arraycopy(ids, idsFrom, ids, kept, idCount);
        kept += idCount;
      }
      entries[size++] = entry;
      idsFrom = idEnds[i];
    }
    unpacked.setSize(kept);
  }

  /** The entry that holds these ids, or {@link #TOO_LARGE}. */
  private static long packed(int[] ids, int from, int count) {
    if (count > MAX_PACKED) {
      return TOO_LARGE;
    }
    long entry = (long) count << COUNT_SHIFT;
    for (int i = 0; i < count; i++) {
      int id = ids[from + i];
      if (id > ID_MASK) {
        return TOO_LARGE;
      }
      entry |= (long) id << (i * ID_BITS);
    }
    return entry;
  }

  /** The entry for ids at a place of {@link #unpacked}: the sign, the count, and the place. */
  private static long placed(int count, int place) {
    return Long.MIN_VALUE | ((long) count << Integer.SIZE) | place;
  }

  /** Whether an entry holds its ids; else they are in {@link #unpacked}. */
  private static boolean isPacked(long entry) {
    return entry >= 0;
  }

  /**
   * Appends the ids of all codes of a block. Short numbers, whose ids are in the entry, are most of
   * the codes, so they have a loop of their own.
   */
  private void appendCodes(byte[] codes, int from, int to, IdBuffer out) {
    int at = from;
    while (at < to) {
      int end = (int) Math.min(to, at + (long) Short.BYTES * CODES_AT_ONCE);
      at = appendShort(codes, at, end, out);
      if (at < to) {
        at = appendOther(codes, at, out);
      }
    }
  }

  /**
   * Appends ids as long as numbers are short and their ids are in the entry; returns where that
   * ends. Three ids are written for each entry, and the next entry overwrites those that it lacks.
   */
  private int appendShort(byte[] codes, int from, int to, IdBuffer out) {
    int[] ids = out.ensure(MAX_PACKED * ((to - from) / Short.BYTES + 1));
    int n = out.size();
    long[] known = entries;
    int at = from;
    for (; at < to - 1; at += Short.BYTES) {
      int code = (short) LittleEndian.SHORT.get(codes, at) & 0xFFFF;
      if (code >= KeptPretokenBlocks.FIRST_MARKER || !isPacked(known[code])) {
        break;
      }
      long entry = known[code];
      ids[n] = (int) entry & ID_MASK;
      ids[n + 1] = (int) (entry >>> ID_BITS) & ID_MASK;
      ids[n + 2] = (int) (entry >>> (2 * ID_BITS)) & ID_MASK;
      n += (int) (entry >>> COUNT_SHIFT);
    }
    out.setSize(n);
    return at;
  }

  /** Appends the ids of one code of any kind; returns where the code ends. */
  private int appendOther(byte[] codes, int from, IdBuffer out) {
    int code = (short) LittleEndian.SHORT.get(codes, from) & 0xFFFF;
    int at = from + Short.BYTES;
    switch (code) {
      case KeptPretokenBlocks.NEXT -> appendEntry(entries[next++], out);
      case KeptPretokenBlocks.LONG_NUMBER -> {
        appendEntry(entries[(int) LittleEndian.INT.get(codes, at)], out);
        at += Integer.BYTES;
      }
      default -> appendEntry(entries[code], out);
    }
    return at;
  }

  /** Appends the ids of an entry. */
  private void appendEntry(long entry, IdBuffer out) {
    if (isPacked(entry)) {
      for (int i = 0; i < entry >>> COUNT_SHIFT; i++) {
        out.add((int) (entry >>> (i * ID_BITS)) & ID_MASK);
      }
    } else {
      int count = (int) (entry >>> Integer.SIZE) & Integer.MAX_VALUE;
      int place = (int) entry;
      int[] ids = out.ensure(count);
      System.arraycopy(unpacked.ids(), place, ids, out.size(), count);
      out.setSize(out.size() + count);
    }
  }
}
