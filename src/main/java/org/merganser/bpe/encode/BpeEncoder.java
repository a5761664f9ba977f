package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;

/**
 * Turns pretokens into ids. Characters for which the vocabulary has nothing are left out, as in
 * HF's library: a caller that must lose nothing looks for them. Holds a bounded cache and scratch
 * buffers: use it from one thread.
 */
public interface BpeEncoder {

  /**
   * Appends the ids of {@code count} adjacent pretokens (the arguments are those of {@code
   * text.PretokenSink}; each pretoken is encoded on its own).
   */
  void encode(byte[] text, int start, int[] ends, int count, IdBuffer out);

  /**
   * Appends the ids of the pretoken {@code text[from, to)}, and for each of them how many bytes of
   * it the id stands for, as HF's library counts them: a token of byte fallback stands for one, an
   * unknown token for the characters that are unknown. Where a character with affixes falls back to
   * bytes, the sum exceeds the pretoken's length.
   */
  void encode(byte[] text, int from, int to, IdBuffer out, IdBuffer lengths);
}
