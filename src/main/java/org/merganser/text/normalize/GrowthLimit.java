package org.merganser.text.normalize;

/**
 * Bounds the length of a text while the normalizers of a tokenizer rewrite it. A tokenizer.json of
 * some kilobytes could otherwise make gigabytes of ten letters. The limit leaves room for all steps
 * that are not made for this: a form of Unicode with ByteLevel after it makes no character more
 * than 22 times as long. Not thread-safe.
 */
final class GrowthLimit {
  // A text of n bytes may be rewritten to TIMES * n + SPARE bytes.

  private static final int TIMES = 64;
  private static final int SPARE = 1 << 16;

  /** The number of bytes of the current text before it is rewritten. */
  private int length;

  /** The maximum length of the rewritten text in bytes; there is none before {@link #begin}. */
  private long most = Long.MAX_VALUE;

  /** Begins another text, of {@code bytes} bytes. */
  void begin(int bytes) {
    length = bytes;
    most = (long) TIMES * bytes + SPARE;
  }

  /**
   * Checks the length of the rewritten text so far.
   *
   * @throws NormalizerLimitException if it is too long
   */
  void check(int bytes) {
    if (bytes > most) {
      throw new NormalizerLimitException(
          "the normalizer makes more than %s bytes of a text of %s (%s times as many, and %s, are allowed)"
              .formatted(most, length, TIMES, SPARE));
    }
  }
}
