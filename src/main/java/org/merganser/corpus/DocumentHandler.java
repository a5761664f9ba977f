package org.merganser.corpus;

import java.io.IOException;

/**
 * Receives the records of a unit in order, each as one document (or its parts) or one dead letter.
 */
public interface DocumentHandler {
  /**
   * Takes a document, or a part of one. A refused one becomes a dead letter, which follows.
   *
   * @throws org.merganser.tokenizer.SpecialTextException if it refuses the text, of which it has
   *     then taken nothing
   * @throws org.merganser.tokenizer.UnencodableException likewise
   * @throws org.merganser.text.regex.RegexLimitException likewise
   */
  void document(Document document) throws IOException;

  /**
   * Refuses a part as {@link #document} would, without taking it. If one refused part refuses its
   * record, the reader checks all parts before it passes the first.
   */
  default void check(Document part) throws IOException {}

  void deadLetter(DeadLetter letter) throws IOException;

  default void rangeRead(RangeReceipt receipt) throws IOException {}
}
