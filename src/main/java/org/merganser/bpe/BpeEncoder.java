package org.merganser.bpe;

/** Turns pretokens into ids. Holds a bounded cache and scratch buffers: use it from one thread. */
public interface BpeEncoder {

  /**
   * Appends the ids of {@code count} adjacent pretokens (the arguments are those of {@code
   * text.PretokenSink}; each pretoken is encoded on its own).
   */
  void encode(byte[] text, int start, int[] ends, int count, IdBuffer out);
}
