package org.merganser.tokenizer;

import org.merganser.bpe.IdBuffer;

/**
 * Encodes documents. Not thread-safe: it holds caches and buffers.
 *
 * <p>{@link #encode} and {@link #count} take well-formed UTF-8 and do not check all of it, which
 * would cost up to a tenth of their time. A text that ends inside a character is refused. Other
 * ill-formed text is refused or has meaningless ids, which may depend on the bytes after it; the
 * encoder stays usable. {@link #encodeBytes} and {@link #countBytes} take any bytes.
 */
public interface Encoder {

  /**
   * Appends the ids of {@code text[from, to)}, well-formed UTF-8.
   *
   * <p>If it throws, {@code out} is unchanged.
   *
   * @throws IllegalArgumentException for ill-formed text, as above, with its first byte that is not
   *     UTF-8
   * @throws SpecialTextException under {@link SpecialText#REJECT}, with the token and its byte
   *     offset
   * @throws UnencodableException if the vocabulary has no token for a character of the text
   * @throws org.merganser.text.regex.RegexLimitException if a regex backtracks over the text beyond
   *     the bound
   */
  void encode(byte[] text, int from, int to, IdBuffer out);

  /**
   * Appends the ids of any bytes, losslessly: runs of well-formed UTF-8 are encoded like {@link
   * #encode}, and each byte of an ill-formed part is a pretoken (in a vocabulary with byte
   * fallback: its {@code <0xXX>} token).
   *
   * <p>If it throws, {@code out} is unchanged.
   *
   * @throws SpecialTextException as {@link #encode}
   * @throws UnencodableException as {@link #encode}, and if a byte has no token
   */
  void encodeBytes(byte[] text, int from, int to, IdBuffer out);

  /** The number of ids that {@link #encode} appends, without storing them; throws as it does. */
  long count(byte[] text, int from, int to);

  /** The number of ids that {@link #encodeBytes} appends; throws as it does. */
  long countBytes(byte[] text, int from, int to);

  /**
   * Whether some text is refused: with a {@link SpecialTextException}, with an {@link
   * UnencodableException}, or because a regular expression without a scanner exceeds its limit.
   */
  boolean mayRefuse();
}
