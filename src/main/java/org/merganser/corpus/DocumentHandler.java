package org.merganser.corpus;

import java.io.IOException;

/**
 * Receives the records of a unit in order, without blank ones: each as a document or a dead letter,
 * or as several parts that are either.
 */
public interface DocumentHandler {
  /**
   * Takes a document, or a part of one. If it throws one of the following exceptions, the reader
   * passes a dead letter in place of the document.
   *
   * @throws org.merganser.tokenizer.SpecialTextException if the text has a special token that the
   *     job refuses; nothing of the text is taken then
   * @throws org.merganser.tokenizer.UnencodableException if the vocabulary cannot write the text;
   *     nothing of it is taken then
   * @throws org.merganser.text.regex.RegexLimitException if the text exceeds the bound of the
   *     pattern; nothing of it is taken then
   * @throws org.merganser.text.normalize.NormalizerLimitException if the text exceeds the bound of
   *     the normalizer; nothing of it is taken then
   */
  void document(Document document) throws IOException;

  /**
   * Throws what {@link #document} would throw for a part, without taking it. Of a record that must
   * be taken completely or not at all, the reader checks all parts before it passes the first.
   */
  default void check(Document part) throws IOException {}

  /** Takes a record that is not a document. */
  void deadLetter(DeadLetter letter) throws IOException;

  /** Called after the last record of each range of the unit. */
  default void rangeRead(RangeReceipt receipt) throws IOException {}
}
