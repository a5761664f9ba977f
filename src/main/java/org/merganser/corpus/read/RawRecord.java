package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;

/**
 * A record as it is in the file, or a part of one: {@code bytes[from, to)}, which may hold more
 * than its text. A dead letter of it has these bytes.
 *
 * @param offset of the record, or part, in the (uncompressed) file; in Parquet the number of the
 *     row
 * @param part which part of a document it is; null for a whole record
 */
record RawRecord(long offset, byte[] bytes, int from, int to, DeadLetter.@Nullable Part part) {
  /** A whole record. */
  RawRecord(long offset, byte[] bytes, int from, int to) {
    this(offset, bytes, from, to, null);
  }

  int length() {
    return to - from;
  }

  /** Where it ends in the file. */
  long end() {
    return offset + length();
  }
}
