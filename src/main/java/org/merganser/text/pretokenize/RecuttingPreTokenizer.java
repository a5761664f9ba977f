package org.merganser.text.pretokenize;

import static org.merganser.binary.LittleEndian.LONG;

import org.merganser.binary.HashMultiplier;

/**
 * Two components of a Sequence that do not rewrite text: the second cuts every piece of the first.
 * The cuts of a piece depend on its bytes alone. So a table of 64 KiB remembers pieces of up to
 * {@value #LONGEST} bytes that the second leaves uncut, nearly all in most text, and skips them.
 */
final class RecuttingPreTokenizer implements PreTokenizer {
  /** The maximum length of a piece that is remembered: two longs without the byte of the length. */
  private static final int LONGEST = 2 * Long.BYTES - 1;

  /** Where the length of a piece is in its second long: in the highest byte. */
  private static final int LENGTH_SHIFT = Long.SIZE - Byte.SIZE;

  private static final int SLOT_BITS = 12;
  private static final int SLOTS = 1 << SLOT_BITS;

  /** An odd factor of splitmix64. */
  private static final long SPLITMIX_FACTOR = 0xBF58476D1CE4E5B9L;

  private final PreTokenizer head;
  private final PreTokenizer tail;
  private final PretokenBatch batch = new PretokenBatch();

  /**
   * By slot, the bytes of a piece in two longs, with its length in the highest byte; both are zero
   * in an empty slot, since no piece is empty.
   */
  private final long[] uncut = new long[2 * SLOTS];

  /** The number of pretokens that the tail has cut the current piece into. */
  private int added;

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

  /** Cuts each piece, except those that are known to stay uncut. */
  private void recut(byte[] text, int start, int[] ends, int count) {
    int from = start;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int length = to - from;
      if (length > LONGEST || from + 2 * Long.BYTES > text.length) {
        cutByTail(text, from, to);
      } else {
        recutShort(text, from, to);
      }
      from = to;
    }
  }

  /** Cuts a piece of up to {@link #LONGEST} bytes, from whose beginning two longs can be read. */
  private void recutShort(byte[] text, int from, int to) {
    int length = to - from;
    long low = (long) LONG.get(text, from);
    long high = (long) LONG.get(text, from + Long.BYTES);
    if (length < Long.BYTES) {
      low &= lowBytes(length);
      high = 0;
    } else {
      high &= lowBytes(length - Long.BYTES);
    }
    high |= (long) length << LENGTH_SHIFT;
    int slot = 2 * slotOf(low, high);
    if (uncut[slot] == low && uncut[slot + 1] == high) {
      batch.add(from, to);
      return;
    }
    added = 0;
    cutByTail(text, from, to);
    boolean stayedUncut = added == 1 && batch.endsWith(from, to);
    if (stayedUncut) {
      uncut[slot] = low;
      uncut[slot + 1] = high;
    }
  }

  /** Adds the pretokens into which the tail cuts a piece. */
  private void cutByTail(byte[] text, int from, int to) {
    boolean first = false; // no component that depends on it runs here (PreTokenizerFactory)
    tail.split(text, from, to, first, this::addAll);
  }

  /** A mask of the {@code count} lowest bytes of a long, 0 to 7. */
  private static long lowBytes(int count) {
    return (1L << (8 * count)) - 1;
  }

  /** The number of a slot: the upper bits of a hash. */
  private static int slotOf(long low, long high) {
    long hash = ((low * HashMultiplier.GOLDEN_RATIO) ^ high) * SPLITMIX_FACTOR;
    return (int) (hash >>> (Long.SIZE - SLOT_BITS));
  }

  /** The sink of the tail. */
  private void addAll(byte[] text, int start, int[] ends, int count) {
    int from = start;
    for (int i = 0; i < count; i++) {
      batch.add(from, ends[i]);
      from = ends[i];
    }
    added += count;
  }
}
