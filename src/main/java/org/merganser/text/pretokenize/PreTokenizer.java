package org.merganser.text.pretokenize;

/**
 * Cuts normalized text into pretokens. An instance holds scratch buffers: use it from one thread.
 * Counting and encoding use the same object, so that they always agree.
 */
public interface PreTokenizer {

  /**
   * Cuts {@code text[from, to)}, well-formed UTF-8, and gives every pretoken to {@code sink} in
   * order. The sink may be given another array than {@code text} where the pre-tokenizer rewrites
   * text (a prefix space, Metaspace) or leaves parts out (behaviour Removed).
   *
   * @param first whether {@code from} is the beginning of the document (Metaspace's {@code
   *     prepend_scheme: first} needs this)
   */
  void split(byte[] text, int from, int to, boolean first, PretokenSink sink);
}
