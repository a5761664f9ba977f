package org.merganser.pipeline.pretokens;

import java.util.Arrays;
import org.merganser.binary.Varints;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;

/**
 * The ids of kept pretokens. Each distinct pretoken is encoded once, before the first segment that
 * has it. A long holds up to three ids below 2^20 and their count. More or larger ids are in a
 * buffer; then the long is negative and has their count and their place in the buffer.
 */
final class KeptPretokenIds {
  /** The ids that a long can hold. */
  private static final int MAX_PACKED = 3;

  private static final int ID_BITS = 20;
  private static final int ID_MASK = (1 << ID_BITS) - 1;

  /** Where a long has the number of its ids, above the ids. */
  private static final int COUNT_SHIFT = MAX_PACKED * ID_BITS;

  /** The codes for which room is made at a time. */
  private static final int CODES_AT_ONCE = 4096;

  /** The new pretokens that are encoded at a time. */
  private static final int NEW_AT_ONCE = 512;

  private final Encoder encoder;

  /** The ids that do not fit into a long. */
  private final IdBuffer others = new IdBuffer(1 << 10);

  /** The ends of the new pretokens in their bytes, and of their ids in {@link #others}. */
  private final int[] ends = new int[NEW_AT_ONCE];

  private final int[] idEnds = new int[NEW_AT_ONCE];

  /** The ids of each pretoken, by its number. */
  private long[] entries = new long[1 << 16];

  private int size;

  /** The number of the next {@link KeptPretokenWriter#NEXT}. */
  private int next;

  KeptPretokenIds(Encoder encoder) {
    this.encoder = encoder;
  }

  /** Appends the ids of the pretokens of blocks, as {@link KeptPretokenWriter} writes them. */
  void append(byte[] blocks, int from, int to, IdBuffer out) {
    int at = from;
    while (at < to) {
      if (blocks[at++] != 0) { // numbers begin again
        size = 0;
        others.clear();
      }
      int newPretokens = (int) Varints.read(blocks, at);
      at += Varints.length(newPretokens);
      int lengthBytes = (int) Varints.read(blocks, at);
      at += Varints.length(lengthBytes);
      int codeBytes = (int) Varints.read(blocks, at);
      at += Varints.length(codeBytes);
      next = Math.max(size, KeptPretokenWriter.FIRST_MARKER);
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
    if (size + count > entries.length) {
      entries = Arrays.copyOf(entries, 2 * entries.length);
    }
    int first = others.size();
    encoder.encodePretokens(text, from, ends, count, others, idEnds);
    int[] ids = others.ids();
    int id = first;
    int kept = first;
    for (int i = 0; i < count; i++) {
      int end = idEnds[i];
      int n = end - id;
      long entry = (long) n << COUNT_SHIFT;
      boolean fits = n <= MAX_PACKED;
      for (int k = 0; k < n && fits; k++) {
        fits = ids[id + k] <= ID_MASK;
        entry |= (long) ids[id + k] << (k * ID_BITS);
      }
      if (!fits) {
        entry = Long.MIN_VALUE | ((long) n << Integer.SIZE) | kept;
        System.arraycopy(ids, id, ids, kept, n);
        kept += n;
      }
      entries[size++] = entry;
      id = end;
    }
    others.setSize(kept);
  }

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
      int code = (short) KeptPretokenWriter.SHORT.get(codes, at) & 0xFFFF;
      if (code >= KeptPretokenWriter.FIRST_MARKER || known[code] < 0) {
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
    int code = (short) KeptPretokenWriter.SHORT.get(codes, from) & 0xFFFF;
    int at = from + Short.BYTES;
    switch (code) {
      case KeptPretokenWriter.NEXT -> append(entries[next++], out);
      case KeptPretokenWriter.LONG_NUMBER -> {
        append(entries[(int) KeptPretokenWriter.INT.get(codes, at)], out);
        at += Integer.BYTES;
      }
      default -> append(entries[code], out);
    }
    return at;
  }

  private void append(long entry, IdBuffer out) {
    if (entry >= 0) {
      for (int i = 0; i < entry >>> COUNT_SHIFT; i++) {
        out.add((int) (entry >>> (i * ID_BITS)) & ID_MASK);
      }
    } else {
      int count = (int) (entry >>> Integer.SIZE) & Integer.MAX_VALUE;
      int place = (int) entry;
      int[] ids = out.ensure(count);
      System.arraycopy(others.ids(), place, ids, out.size(), count);
      out.setSize(out.size() + count);
    }
  }
}
