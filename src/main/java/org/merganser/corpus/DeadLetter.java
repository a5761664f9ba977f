package org.merganser.corpus;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record that is not a document, and why.
 *
 * @param record number in its file range, from 0
 * @param offset of the record in the (uncompressed) file, in bytes
 * @param length of the complete record in bytes, even if {@code raw} is shorter
 * @param sha256 of the record's bytes, lower-case hex
 * @param detail for a person: the problem, with its byte offset if there is one
 * @param raw at most the first 64 KiB
 * @param part the part of a document that is read in parts; null for a complete record
 * @param records the number of consecutive records: the rows of a Parquet file that cannot be read;
 *     else 1
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
  public static final int RAW_LIMIT = 64 * 1024;

  public record Part(long document, int number) {}

  /** The fixed vocabulary of reasons. */
  public enum Reason {
    INVALID_UTF8,
    INVALID_JSON,
    INVALID_CSV,
    MISSING_TEXT,
    TEXT_NOT_STRING,
    INVALID_SEGMENTS,
    TOO_LARGE,
    TRUNCATED,
    CORRUPT,
    UNSUPPORTED,
    UNDECODABLE,
    KEPT_FIELD,
    NOT_EXTRACTED,
    UNKNOWN_SPLIT,
    SPECIAL_TOKEN,
    NOT_ENCODABLE;

    /** The spelling in files, such as {@code invalid-utf8}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
