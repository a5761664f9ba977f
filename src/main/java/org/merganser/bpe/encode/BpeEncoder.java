package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;

/** Turns pretokens into ids. Holds a bounded cache and scratch buffers: use it from one thread. */
public interface BpeEncoder {

  /**
   * Appends the ids of {@code count} adjacent pretokens (the arguments are those of {@code
   * text.PretokenSink}; each pretoken is encoded on its own).
   */
  void encode(byte[] text, int start, int[] ends, int count, IdBuffer out);

  /**
   * Bytes of text since the last {@link #clearDropped} that have no id: the vocabulary lacks the
   * character, all or some of its byte tokens, and an unknown token. HF's library drops them
   * silently (or fails, where the file names an unknown token that its vocabulary lacks); here the
   * ids are those that remain, and a caller that promises to lose nothing looks at this count.
   */
  long droppedBytes();

  /**
   * Where the first of {@link #droppedBytes} stood, as an offset into the text of the call that met
   * it, or -1 when there is none.
   */
  int firstDropped();

  /** Forgets what was dropped; done at the start of a document. */
  void clearDropped();
}
