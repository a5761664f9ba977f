package org.merganser.corpus;

/**
 * A record that is not a document, and why.
 *
 * @param record number in its file range, from 0
 * @param offset of the record in the (uncompressed) file, in bytes
 * @param length of the record in bytes, also of what {@code raw} leaves out
 * @param sha256 of the record's bytes, lower-case hex
 * @param detail for a person: what exactly is wrong, with the byte offset where there is one
 * @param raw the first 64 KiB at the most
 */
public record DeadLetter(
    String file,
    long record,
    long offset,
    long length,
    String sha256,
    Reason reason,
    String detail,
    byte[] raw) {
  /** Of the raw bytes that a dead letter carries. */
  public static final int RAW_LIMIT = 64 * 1024;

  /** The fixed vocabulary of reasons. */
  public enum Reason {
    INVALID_UTF8("invalid-utf8"),
    INVALID_JSON("invalid-json"),
    MISSING_TEXT("missing-text"),
    TEXT_NOT_STRING("text-not-string"),
    TOO_LARGE("too-large"),
    TRUNCATED("truncated"),
    CORRUPT("corrupt"),
    SPECIAL_TOKEN("special-token"),
    NOT_ENCODABLE("not-encodable");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** As outputs write it. */
    public String label() {
      return label;
    }
  }
}
