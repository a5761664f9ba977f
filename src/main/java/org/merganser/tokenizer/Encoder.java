package org.merganser.tokenizer;

import org.merganser.bpe.IdBuffer;

/**
 * Encodes documents. Holds caches and buffers: use it from one thread.
 *
 * <p>{@link #encode} and {@link #count} take well-formed UTF-8 and don't check all of it, which
 * would cost up to a tenth of their time. A text that ends inside a character is refused. Other
 * ill-formed text is either refused or has meaningless ids, which may depend on the bytes behind
 * it; the encoder stays usable. {@link #encodeBytes} and {@link #countBytes} take any bytes.
 */
public interface Encoder {

  /**
   * Appends the ids of {@code text[from, to)}, well-formed UTF-8.
   *
   * <p>When it throws, {@code out} is as before the call.
   *
   * @throws IllegalArgumentException for ill-formed text, as above, with its first byte that is not
   *     UTF-8
   * @throws SpecialTextException under {@link SpecialText#REJECT}, with the token and its byte
   *     offset
   * @throws UnencodableException when the vocabulary has nothing for a character of the text
   * @throws org.merganser.text.regex.RegexLimitException when a regex backtracks over the text
   *     beyond the bound
   */
  void encode(byte[] text, int from, int to, IdBuffer out);

  /**
   * Appends the ids of any bytes, losslessly: runs of well-formed UTF-8 are encoded as by {@link
   * #encode}, each byte of an ill-formed part is a pretoken of its own (in a vocabulary with byte
   * fallback: its {@code <0xXX>} token).
   *
   * <p>When it throws, {@code out} is as before the call.
   *
   * @throws SpecialTextException as {@link #encode}
   * @throws UnencodableException as {@link #encode}, and when a byte has no token of its own
   */
  void encodeBytes(byte[] text, int from, int to, IdBuffer out);

  /**
   * How many ids {@link #encode} appends, without a list of them: a text of any length takes no
   * more memory than a short one.
   *
   * @throws IllegalArgumentException as {@link #encode}
   * @throws SpecialTextException as {@link #encode}
   * @throws UnencodableException as {@link #encode}
   */
  long count(byte[] text, int from, int to);

  /**
   * How many ids {@link #encodeBytes} appends, as {@link #count}.
   *
   * @throws SpecialTextException as {@link #encodeBytes}
   * @throws UnencodableException as {@link #encodeBytes}
   */
  long countBytes(byte[] text, int from, int to);

  /**
   * Whether there is text that it refuses: with a {@link SpecialTextException}, with an {@link
   * UnencodableException}, or because a regular expression without a scanner gives up.
   */
  boolean mayRefuse();
}
