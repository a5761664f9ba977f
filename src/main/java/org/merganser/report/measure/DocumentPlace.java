package org.merganser.report.measure;

import java.util.Comparator;

/**
 * Where a document is. Places are ordered as the documents of the output.
 *
 * @param unit the number of its unit; 0 while a unit is counted
 * @param file the index of the file in the list of the unit's files
 * @param offset of the document's record in the file, in bytes
 */
public record DocumentPlace(int unit, int file, long offset) {
  static final Comparator<DocumentPlace> ORDER =
      Comparator.comparingInt(DocumentPlace::unit)
          .thenComparingInt(DocumentPlace::file)
          .thenComparingLong(DocumentPlace::offset);

  /** The first of two places. */
  static DocumentPlace first(DocumentPlace one, DocumentPlace other) {
    return ORDER.compare(one, other) <= 0 ? one : other;
  }
}
