package org.merganser.corpus;

import org.jspecify.annotations.Nullable;

/**
 * A record that is not a document, and why.
 *
 * @param record number in its file range, from 0
 * @param offset of the record in the (uncompressed) file, in bytes
 * @param length of the whole record in bytes, even where {@code raw} is shorter
 * @param sha256 of the record's bytes, lower-case hex
 * @param detail for a person: what exactly is wrong, with the byte offset where there is one
 * @param raw at most the first 64 KiB
 * @param part which part of a document it is, where the document is read in parts; null for a whole
 *     record
 * @param records how many consecutive records it stands for: the rows of a Parquet file that cannot
 *     be read; else 1
 */
public record DeadLetter(
    String file,
    long record,
    long offset,
    long length,
    String sha256,
    Reason reason,
    String detail,
    byte[] raw,
    @Nullable Part part,
    long records) {
  /** The most raw bytes that a dead letter carries. */
  public static final int RAW_LIMIT = 64 * 1024;

  /**
   * A part of a document, with the numbers that shards use.
   *
   * @param document offset of the document in the file, in bytes
   * @param number of the part
   */
  public record Part(long document, int number) {}

  /** The fixed vocabulary of reasons. */
  public enum Reason {
    INVALID_UTF8("invalid-utf8"),
    INVALID_JSON("invalid-json"),
    INVALID_CSV("invalid-csv"),
    MISSING_TEXT("missing-text"),
    TEXT_NOT_STRING("text-not-string"),
    INVALID_SEGMENTS("invalid-segments"),
    TOO_LARGE("too-large"),
    TRUNCATED("truncated"),
    CORRUPT("corrupt"),
    UNSUPPORTED("unsupported"),
    UNDECODABLE("undecodable"),
    KEPT_FIELD("kept-field"),
    NOT_EXTRACTED("not-extracted"),
    SPECIAL_TOKEN("special-token"),
    NOT_ENCODABLE("not-encodable");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** The label in outputs. */
    public String label() {
      return label;
    }
  }
}
