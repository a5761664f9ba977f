package org.merganser.pipeline.sequence;

import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;

/**
 * The ids of numbered pretokens. A long holds up to three ids below 2^20 and their count. More or
 * larger ids are in a buffer; then the long has their count and their place in the buffer.
 */
final class NumberedIds {
  private static final int MOST = 3;
  private static final int ID_BITS = 20;
  private static final int ID = (1 << ID_BITS) - 1;
  private static final int COUNT_SHIFT = MOST * ID_BITS;

  private final long[] entries;
  private final IdBuffer others = new IdBuffer(1 << 10);
  private int size;

  /**
   * @param count of the pretokens that are added
   */
  NumberedIds(int count) {
    this.entries = new long[count];
  }

  /** Encodes the pretoken that has the next number. */
  void add(Encoder encoder, byte[] text, int from, int to) {
    int first = others.size();
    encoder.encodePretoken(text, from, to, others);
    int count = others.size() - first;
    int[] ids = others.ids();
    long packed = (long) count << COUNT_SHIFT;
    boolean fits = count <= MOST;
    for (int i = 0; i < count && fits; i++) {
      int id = ids[first + i];
      fits = id <= ID;
      packed |= (long) id << ID_BITS * i;
    }
    if (fits) {
      others.setSize(first);
      entries[size++] = packed;
    } else {
      entries[size++] = Long.MIN_VALUE | (long) count << Integer.SIZE | first;
    }
  }

  /** Appends the ids of pretokens; their numbers are encoded as by {@link SequenceWriter}. */
  void append(byte[] numbers, int length, IdBuffer out) {
    long[] from = entries;
    int most = MOST * (length / Short.BYTES);
    int[] to = out.ensure(most);
    int n = out.size();
    int at = 0;
    while (at < length) {
      int number = (short) SequenceWriter.SHORT.get(numbers, at) & SequenceWriter.LONG_NUMBER;
      at += Short.BYTES;
      if (number == SequenceWriter.LONG_NUMBER) {
        number = (int) SequenceWriter.INT.get(numbers, at);
        at += Integer.BYTES;
      }
      long entry = from[number];
      if (entry >= 0) {
        to[n] = (int) entry & ID;
        to[n + 1] = (int) (entry >>> ID_BITS) & ID;
        to[n + 2] = (int) (entry >>> 2 * ID_BITS) & ID;
        n += (int) (entry >>> COUNT_SHIFT);
      } else {
        int count = (int) (entry >>> Integer.SIZE) & Integer.MAX_VALUE;
        out.setSize(n);
        to = out.ensure(count + MOST * ((length - at) / Short.BYTES));
        System.arraycopy(others.ids(), (int) entry, to, n, count);
        n += count;
      }
    }
    out.setSize(n);
  }
}
