package org.merganser.corpus;

import java.io.IOException;

/**
 * Receives the records of a unit in order, each as one document (or its parts) or one dead letter.
 */
public interface DocumentHandler {
  /**
   * Takes a document, or a part of one. What it refuses becomes a dead letter, which follows.
   *
   * @throws org.merganser.tokenizer.SpecialTextException where it refuses the text, of which it has
   *     then taken nothing
   * @throws org.merganser.tokenizer.UnencodableException likewise
   * @throws org.merganser.text.regex.RegexLimitException likewise
   */
  void document(Document document) throws IOException;

  /**
   * Refuses a part as {@link #document} would, and takes nothing. Where one refused part refuses
   * all of its record, the reader asks for each part before it passes on the first.
   */
  default void check(Document part) throws IOException {}

  void deadLetter(DeadLetter letter) throws IOException;

  /** A range is finished. */
  default void rangeRead(RangeReceipt receipt) throws IOException {}
}
