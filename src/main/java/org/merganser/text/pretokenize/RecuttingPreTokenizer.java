package org.merganser.text.pretokenize;

import static org.merganser.binary.ByteBuilder.LONG;

/**
 * Two components of a Sequence that do not rewrite text: the second cuts every piece of the first.
 * The cuts of a piece depend on its bytes alone. So a table of 64 KiB remembers pieces of up to 15
 * bytes that the second leaves uncut, nearly all in most text, and skips them.
 */
final class RecuttingPreTokenizer implements PreTokenizer {
  private static final int LONGEST = 15;
  private static final int SLOTS = 1 << 12;

  private final PreTokenizer head;
  private final PreTokenizer tail;
  private final PretokenBatch batch = new PretokenBatch();

  /**
   * The bytes of a piece in two longs, with its length in the highest byte; zero in an empty slot.
   */
  private final long[] whole = new long[2 * SLOTS];

  private int cuts;

  RecuttingPreTokenizer(PreTokenizer head, PreTokenizer tail) {
    this.head = head;
    this.tail = tail;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    head.split(text, from, to, first, this::recut);
    batch.flush();
  }

  private void recut(byte[] text, int start, int[] ends, int count) {
    int from = start;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      if (length > LONGEST || from + Long.BYTES * 2 > text.length) {
        tail.split(text, from, to, false, this::add);
      } else {
        long low = (long) LONG.get(text, from);
        long high = (long) LONG.get(text, from + Long.BYTES) & -1L >>> 8;
        if (length < Long.BYTES) {
          low &= (1L << 8 * length) - 1;
          high = 0;
        } else {
          high &= (1L << 8 * (length - Long.BYTES)) - 1;
        }
        high |= (long) length << 56;
        int slot = 2 * (int) ((low * 0x9E3779B97F4A7C15L ^ high) * 0xBF58476D1CE4E5B9L >>> 52);
        if (whole[slot] == low && whole[slot + 1] == high) {
          batch.add(from, to);
        } else {
          cuts = 0;
          tail.split(text, from, to, false, this::add);
          // The piece stayed whole.
          if (cuts == 1 && batch.endsWith(from, to)) {
            whole[slot] = low;
            whole[slot + 1] = high;
          }
        }
      }
      from = to;
    }
  }

  private void add(byte[] text, int start, int[] ends, int count) {
    int from = start;
    for (int i = 0; i < count; i++) {
      batch.add(from, ends[i]);
      from = ends[i];
    }
    cuts += count;
  }
}
