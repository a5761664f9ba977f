package org.merganser.text.normalize;

import org.merganser.binary.ByteBuilder;

/**
 * Rewrites text before it is pre-tokenized. Not thread-safe: an instance may hold scratch buffers.
 */
public interface Normalizer {

  /**
   * Normalizes {@code text[from, to)}, well-formed UTF-8.
   *
   * @param out receives the normalized text, from its beginning, if this returns true
   * @param origins receives, for each byte of that text, its place in {@code text} as HF's library
   *     reports it
   * @return false if the text is already normal; {@code out} and {@code origins} are then unchanged
   */
  boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins);

  /** As {@link #normalize(byte[], int, int, ByteBuilder, Origins)}, without origins. */
  default boolean normalize(byte[] text, int from, int to, ByteBuilder out) {
    return normalize(text, from, to, out, Origins.NONE);
  }
}
