package org.merganser.pipeline.sequence;

import java.util.Arrays;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.Varints;
import org.merganser.tokenizer.Encoder;

/**
 * The ids of the pretokens of a sequence. Each distinct pretoken is encoded once, at its first
 * occurrence. A long holds up to three ids below 2^20 and their count. More or larger ids are in a
 * buffer; then the long is negative and has their count and their place in the buffer.
 */
final class SequenceIds {
  private static final int MOST = 3;
  private static final int ID_BITS = 20;
  private static final int ID = (1 << ID_BITS) - 1;
  private static final int COUNT_SHIFT = MOST * ID_BITS;

  /** The codes for which room is made at a time. */
  private static final int AT_ONCE = 4096;

  private final Encoder encoder;
  private final IdBuffer others = new IdBuffer(1 << 10);
  private long[] entries = new long[1 << 16];
  private int size;

  SequenceIds(Encoder encoder) {
    this.encoder = encoder;
  }

  /** Appends the ids of pretokens, whose codes are those of {@link SequenceWriter}. */
  void append(byte[] codes, int from, int to, IdBuffer out) {
    int at = from;
    while (at < to) {
      at = appendShort(codes, at, (int) Math.min(to, at + (long) Short.BYTES * AT_ONCE), out);
      if (at < to) {
        at = appendOther(codes, at, out);
      }
    }
  }

  /** Appends ids as long as numbers are short and their ids are in the entry. */
  private int appendShort(byte[] codes, int from, int to, IdBuffer out) {
    int[] ids = out.ensure(MOST * ((to - from) / Short.BYTES + 1));
    int n = out.size();
    long[] known = entries;
    int at = from;
    for (; at < to - 1; at += Short.BYTES) {
      int code = (short) SequenceWriter.SHORT.get(codes, at) & 0xFFFF;
      if (code >= SequenceWriter.FIRST_MARKER || known[code] < 0) {
        break;
      }
      long entry = known[code];
      ids[n] = (int) entry & ID;
      ids[n + 1] = (int) (entry >>> ID_BITS) & ID;
      ids[n + 2] = (int) (entry >>> 2 * ID_BITS) & ID;
      n += (int) (entry >>> COUNT_SHIFT);
    }
    out.setSize(n);
    return at;
  }

  private int appendOther(byte[] codes, int from, IdBuffer out) {
    int code = (short) SequenceWriter.SHORT.get(codes, from) & 0xFFFF;
    int at = from + Short.BYTES;
    switch (code) {
      case SequenceWriter.RESTART -> {
        size = 0;
        others.clear();
      }
      case SequenceWriter.NEW -> {
        int length = (int) Varints.read(codes, at);
        at += Varints.length(length);
        add(codes, at, at + length);
        append(entries[size - 1], out);
        at += length;
      }
      case SequenceWriter.LONG_NUMBER -> {
        append(entries[(int) SequenceWriter.INT.get(codes, at)], out);
        at += Integer.BYTES;
      }
      default -> append(entries[code], out);
    }
    return at;
  }

  private void append(long entry, IdBuffer out) {
    if (entry >= 0) {
      for (int i = 0; i < entry >>> COUNT_SHIFT; i++) {
        out.add((int) (entry >>> i * ID_BITS) & ID);
      }
    } else {
      int count = (int) (entry >>> Integer.SIZE) & Integer.MAX_VALUE;
      int[] ids = out.ensure(count);
      System.arraycopy(others.ids(), (int) entry, ids, out.size(), count);
      out.setSize(out.size() + count);
    }
  }

  /** Encodes the pretoken that has the next number. */
  private void add(byte[] text, int from, int to) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
    }
    int first = others.size();
    encoder.encodePretoken(text, from, to, others);
    int count = others.size() - first;
    int[] ids = others.ids();
    long entry = (long) count << COUNT_SHIFT;
    boolean fits = count <= MOST;
    for (int i = 0; i < count && fits; i++) {
      fits = ids[first + i] <= ID;
      entry |= (long) ids[first + i] << i * ID_BITS;
    }
    if (fits) {
      others.setSize(first);
    } else {
      entry = Long.MIN_VALUE | (long) count << Integer.SIZE | first;
    }
    entries[size++] = entry;
  }
}
