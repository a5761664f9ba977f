package org.merganser.text.pretokenize;

/** Receives pretokens in text order, a batch at a time, so that no object is made for one. */
@FunctionalInterface
public interface PretokenSink {

  /**
   * Takes {@code count} adjacent pretokens: pretoken 0 is {@code text[start, ends[0])}, pretoken i
   * is {@code text[ends[i - 1], ends[i])}. None is empty. Both arrays belong to the caller and hold
   * these values only until this call returns.
   */
  void accept(byte[] text, int start, int[] ends, int count);
}
