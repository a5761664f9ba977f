package org.merganser.corpus.select;

import org.merganser.corpus.Document;

/**
 * Counts the documents of a unit, of which the parts are passed in order: the parts of a document
 * have the same file and offset, and one ordinal. {@link TextHashes} counts the same documents.
 */
final class DocumentOrdinals {
  private String file = "";
  private long offset;
  private int ordinal = -1;

  /**
   * Goes to the document of a part.
   *
   * @return whether it is another one than that of the part before
   */
  boolean goTo(Document part) {
    if (part.offset == offset && part.file.equals(file)) {
      return false;
    }
    file = part.file;
    offset = part.offset;
    ordinal++;
    return true;
  }

  /** The number of the document in the unit, from 0. */
  int ordinal() {
    return ordinal;
  }
}
