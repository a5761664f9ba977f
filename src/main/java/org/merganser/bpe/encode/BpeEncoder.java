package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;

/**
 * Turns pretokens into ids. {@link BpeModel} chooses the implementation. A character without a
 * token that becomes neither byte tokens nor the unknown token is dropped, as in HF's library; a
 * caller that must keep all text checks for such characters. Not thread-safe: it holds bounded
 * caches and scratch buffers.
 */
public interface BpeEncoder {

  /**
   * Appends the ids of adjacent, nonempty pretokens, each encoded separately.
   *
   * @param start where pretoken 0 begins in {@code text}
   * @param ends where each pretoken ends, which is where the next one begins
   * @param count the number of pretokens
   */
  void encode(byte[] text, int start, int[] ends, int count, IdBuffer out);

  /**
   * As {@link #encode(byte[], int, int[], int, IdBuffer)}, for a caller that needs the ids of each
   * pretoken.
   *
   * @param idEnds receives, from index 0 on, the size of {@code out} after each pretoken
   */
  void encodeEach(byte[] text, int start, int[] ends, int count, IdBuffer out, int[] idEnds);

  /**
   * Appends the ids of the pretoken {@code text[from, to)} and the number of bytes that each
   * represents, as HF's library counts them: a token of byte fallback has one, an unknown token
   * those of the unknown characters. If a character with affixes falls back to bytes, the sum
   * exceeds the pretoken's length. If characters are dropped, the numbers have no meaning.
   */
  void encodeWithLengths(byte[] text, int from, int to, IdBuffer out, IdBuffer lengths);
}
