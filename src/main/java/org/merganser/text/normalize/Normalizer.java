package org.merganser.text.normalize;

import org.merganser.text.unicode.ByteBuilder;

/** Rewrites text before it is cut. An instance may hold scratch buffers: use it from one thread. */
public interface Normalizer {

  /**
   * Normalizes {@code text[from, to)}, well-formed UTF-8.
   *
   * @param out receives the normalized text, from its beginning, when the answer is true
   * @return false when the text is its own normalization: {@code out} is untouched then, and
   *     nothing was copied
   */
  boolean normalize(byte[] text, int from, int to, ByteBuilder out);
}
