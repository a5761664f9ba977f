package org.merganser.text.normalize;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;

/** Rewrites text before it is cut. An instance may hold scratch buffers: use it from one thread. */
public interface Normalizer {

  /**
   * Normalizes {@code text[from, to)}, well-formed UTF-8.
   *
   * @param out receives the normalized text, from its beginning, when the answer is true
   * @param origins receives, from its beginning, where each byte of that text comes from in {@code
   *     text}, as HF's library has it; may be null
   * @return false when the text is its own normalization: {@code out} is then unchanged, and
   *     nothing was copied
   */
  boolean normalize(byte[] text, int from, int to, ByteBuilder out, @Nullable Origins origins);

  /** As above, without origins. */
  default boolean normalize(byte[] text, int from, int to, ByteBuilder out) {
    return normalize(text, from, to, out, null);
  }
}
