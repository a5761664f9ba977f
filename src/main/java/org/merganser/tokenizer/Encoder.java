package org.merganser.tokenizer;

import org.merganser.bpe.IdBuffer;

/** Encodes documents. Holds caches and buffers: use it from one thread. */
public interface Encoder {

  /**
   * Appends the ids of {@code text[from, to)}, well-formed UTF-8.
   *
   * @throws SpecialTextException under {@link SpecialText#REJECT}, with the token and its byte
   *     offset; {@code out} is as before the call then
   */
  void encode(byte[] text, int from, int to, IdBuffer out);
}
