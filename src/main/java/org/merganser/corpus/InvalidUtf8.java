package org.merganser.corpus;

import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.Utf8;

/**
 * What is done with a text that is not UTF-8: the key {@code corpus.invalidUtf8}. It holds for the
 * text of a document and for each of its segments; the readers ask here, and report a refused text
 * to {@code RecordSink}. An id, a group or a kept field that is not UTF-8 always makes the record a
 * dead letter ({@code RecordFields}).
 */
public enum InvalidUtf8 {
  /** The record becomes a dead letter. */
  DEAD_LETTER,

  /** Each ill-formed part becomes U+FFFD. */
  REPLACE,

  /** The text keeps its bytes. */
  BYTES;

  /**
   * The index in {@code text} of the first ill-formed part in {@code [from, to)} that makes the
   * record a dead letter; -1 for none.
   */
  public int firstRefused(byte[] text, int from, int to) {
    return this == DEAD_LETTER ? Utf8.firstIllFormed(text, from, to) : -1;
  }

  /** Whether ill-formed parts become U+FFFD. */
  public boolean replaces() {
    return this == REPLACE;
  }

  /**
   * Writes {@code text[from, to)} with its ill-formed parts replaced.
   *
   * @param replaced receives the text in place of its former content
   * @return false, with nothing written, if the text stays as it is
   */
  public boolean replace(byte[] text, int from, int to, ByteBuilder replaced) {
    if (!replaces() || Utf8.firstIllFormed(text, from, to) < 0) {
      return false;
    }
    replaced.clear();
    Utf8.replaceIllFormed(text, from, to, replaced);
    return true;
  }
}
