package org.merganser.text.pretokenize;

/**
 * Gathers adjacent pretokens, so that the sink is called once for some hundreds. A pretoken that is
 * not adjacent to the last one starts a new batch. Empty pieces are dropped, as in HF.
 */
final class PretokenBatch {
  private static final int CAPACITY = 512;

  private final int[] ends = new int[CAPACITY];
  private byte[] text = new byte[0];
  private PretokenSink sink = (text, start, ends, count) -> {};
  private int start;
  private int count;

  void open(byte[] newText, PretokenSink newSink) {
    text = newText;
    sink = newSink;
    count = 0;
  }

  void add(int from, int to) {
    if (from >= to) { // greater where a match of ill-formed text ends after the text
      return;
    }
    if (count == CAPACITY || count > 0 && ends[count - 1] != from) {
      flush();
    }
    if (count == 0) {
      start = from;
    }
    ends[count++] = to;
  }

  boolean endsWith(int from, int to) {
    int before = count == 1 ? start : count > 1 ? ends[count - 2] : -1;
    return count > 0 && before == from && ends[count - 1] == to;
  }

  void flush() {
    if (count > 0) {
      sink.accept(text, start, ends, count);
      count = 0;
    }
  }
}
