package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;

/**
 * A record of a file, or a part of one: {@code bytes[from, to)}, which may contain more than its
 * text. Its dead letter is about these bytes, and has the first of them.
 *
 * @param offset of the record, or part, in the (uncompressed) file; in Parquet the index of the row
 * @param part the part of a document; null for a complete record
 */
record RawRecord(long offset, byte[] bytes, int from, int to, DeadLetter.@Nullable Part part) {
  /** A complete record. */
  RawRecord(long offset, byte[] bytes, int from, int to) {
    this(offset, bytes, from, to, null);
  }

  /** The bytes of the record. */
  int length() {
    return to - from;
  }

  /** The sum of offset and length: where the record ends; without a meaning in Parquet. */
  long end() {
    return offset + length();
  }
}
