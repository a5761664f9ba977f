package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;

/**
 * Merges the bytes, or characters, of one word into ids, without a cache. A word is a pretoken, or
 * a part of one that can be merged apart.
 */
interface WordEncoder {

  /** Appends the ids that result from merging {@code text[from, to)}. */
  void merge(byte[] text, int from, int to, IdBuffer out);

  /**
   * Appends, for each of the ids {@code ids[first, end)} that merging {@code text[from, to)}
   * produced, the number of bytes that it represents, as {@link BpeEncoder#encodeWithLengths}
   * counts them.
   */
  void addLengths(byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths);

  /** The id of the token whose text is {@code text[from, to)}, or -1. */
  int idOfWhole(byte[] text, int from, int to);

  /**
   * The id of a word that is one character, if it is known from a table; else -1.
   *
   * @param utf8 a {@link PackedCharacter}
   */
  int idOfCharacter(int utf8);
}
