package org.merganser.text.pretokenize;

/**
 * Cuts normalized text into pretokens. Not thread-safe: an instance holds scratch buffers. Counting
 * and encoding use the same class, so that they always agree.
 */
public interface PreTokenizer {

  /**
   * Passes the pretokens of {@code text[from, to)}, well-formed UTF-8, to {@code sink} in order.
   * The sink receives another array than {@code text} if the pre-tokenizer rewrites this text
   * (prefix space, Metaspace). A part that is removed (behavior Removed) is in no pretoken.
   *
   * @param first whether {@code from} is the beginning of the document (for Metaspace's {@code
   *     prepend_scheme: first})
   */
  void split(byte[] text, int from, int to, boolean first, PretokenSink sink);
}
