package org.merganser.corpus;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record that is not a document, and why.
 *
 * @param file {@link InputFile#path()} of its file
 * @param record number in its file range, from 0
 * @param offset of the record in the (uncompressed) file, in bytes; in Parquet the index of its row
 * @param length of the complete record in bytes, even if {@code raw} is shorter
 * @param sha256 of the record's bytes, lower-case hex
 * @param reason the kind of problem
 * @param detail for a person: the problem, with its byte offset if there is one
 * @param raw the first bytes of the record, at most {@link #RAW_LIMIT}
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
  /** The most bytes of a record that {@code raw} has. */
  public static final int RAW_LIMIT = 64 * 1024;

  public DeadLetter {
    if (raw.length > RAW_LIMIT) {
      throw new IllegalArgumentException("a dead letter with " + raw.length + " bytes");
    }
  }

  /**
   * A part of a document that is read in parts.
   *
   * @param document where the document begins in the (uncompressed) file, in bytes
   * @param number of the part, from 0
   */
  public record Part(long document, int number) {}

  /** Why a record is not a document; docs/corpus.md has the same list for users. */
  public enum Reason {
    /**
     * Its text, id, group or a kept field is not UTF-8; also a file without text, such as an image.
     */
    INVALID_UTF8,
    /** It is not JSON. */
    INVALID_JSON,
    /** It is not CSV, or has another number of fields than the header. */
    INVALID_CSV,
    /** It lacks the field of the text, or has null there. */
    MISSING_TEXT,
    /** The value of its text is neither a string nor what a template or a list allows. */
    TEXT_NOT_STRING,
    /** Its list of segments is empty, or a segment lacks a text or a loss. */
    INVALID_SEGMENTS,
    /** It exceeds {@code corpus.maxWholeDocumentBytes} and cannot be cut. */
    TOO_LARGE,
    /** A file, or a compressed stream, ends within it. */
    TRUNCATED,
    /** The file is damaged there, or a checksum over it failed. */
    CORRUPT,
    /**
     * A complete file that is not read but may have text, such as an archive, or one that needs a
     * larger window than decoders allow.
     */
    UNSUPPORTED,
    /** Rows of Parquet that are damaged, encrypted, or compressed with a codec that is missing. */
    UNDECODABLE,
    /** A kept field has a value of another type than {@code shards.keep} names. */
    KEPT_FIELD,
    /** A WARC record with the response of a server, from which no text is extracted. */
    NOT_EXTRACTED,
    /** The field {@code corpus.splitField} has no word of a split. */
    UNKNOWN_SPLIT,
    /** It contains the text of a special token, and the job refuses these. */
    SPECIAL_TOKEN,
    /**
     * The vocabulary cannot write it, or it exceeds the bound of a custom regex or of a normalizer.
     */
    NOT_ENCODABLE;

    /** The spelling in files, such as {@code invalid-utf8}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
