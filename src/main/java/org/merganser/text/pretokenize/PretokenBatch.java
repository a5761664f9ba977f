package org.merganser.text.pretokenize;

/**
 * Gathers adjacent pretokens, so that the sink is called once for some hundreds. A pretoken that is
 * not adjacent to the last one starts a new batch. Empty pieces are dropped, as in HF.
 */
final class PretokenBatch {
  /** The maximum number of pretokens that the sink receives at once. */
  static final int CAPACITY = 512;

  private final int[] ends = new int[CAPACITY];
  private byte[] text = new byte[0];
  private PretokenSink sink = (text, start, ends, count) -> {};

  /** Where the first pretoken of the batch begins. */
  private int start;

  /** The number of pretokens in the batch. */
  private int count;

  /** Begins the pretokens of another text. */
  void open(byte[] newText, PretokenSink newSink) {
    text = newText;
    sink = newSink;
    count = 0;
  }

  /** Adds the pretoken {@code text[from, to)}; does nothing if it is empty. */
  void add(int from, int to) {
    if (from >= to) { // greater if a match of ill-formed text ends after the text
      return;
    }
    boolean isApart = count > 0 && ends[count - 1] != from;
    if (count == CAPACITY || isApart) {
      flush();
    }
    if (count == 0) {
      start = from;
    }
    ends[count++] = to;
  }

  /** Whether the last pretoken of the batch is {@code text[from, to)}. */
  boolean endsWith(int from, int to) {
    if (count == 0) {
      return false;
    }
    int lastStart = count == 1 ? start : ends[count - 2];
    return lastStart == from && ends[count - 1] == to;
  }

  /** Passes the batch to the sink; to be called after the last pretoken as well. */
  void flush() {
    if (count > 0) {
      sink.accept(text, start, ends, count);
      count = 0;
    }
  }
}
