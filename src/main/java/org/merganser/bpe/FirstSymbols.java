package org.merganser.bpe;

/** Cuts a pretoken into the symbols that merging starts from. */
interface FirstSymbols {

  /**
   * Appends the ids of the first symbols of {@code text[from, to)} to {@code out}, without merging.
   */
  void append(byte[] text, int from, int to, IdBuffer out, Dropped dropped);

  /** The id of the token whose text is the whole of {@code text[from, to)}, or -1. */
  int whole(byte[] text, int from, int to);
}
