package org.merganser.text.pretokenize;

/** Receives pretokens in text order, in batches, so that no object is made for each. */
@FunctionalInterface
public interface PretokenSink {

  /**
   * Takes {@code count} adjacent, nonempty pretokens: pretoken 0 is {@code text[start, ends[0])},
   * pretoken i is {@code text[ends[i - 1], ends[i])}. Both arrays belong to the caller, which
   * reuses them after this call.
   */
  void accept(byte[] text, int start, int[] ends, int count);
}
