package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;

/** Encodes words (pretokens, or parts of them) from their first symbols on. For one thread. */
interface WordEncoder {

  /** Appends the ids that merging makes of {@code text[from, to)}. */
  void merge(byte[] text, int from, int to, IdBuffer out);

  /**
   * Appends, for each of the ids {@code ids[first, end)} that merging made of {@code text[from,
   * to)}, the bytes of text that it stands for.
   */
  void addLengths(byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths);

  /** The id of the token whose text is the whole of {@code text[from, to)}, or -1. */
  int whole(byte[] text, int from, int to);

  /**
   * The id of a word that is this one character, where a table has it; else -1.
   *
   * @param utf8 a well-formed character as {@link MergeBarriers#character} gives it
   */
  int ofCharacter(int utf8);
}
