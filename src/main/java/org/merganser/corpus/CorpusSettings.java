package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a corpus is found and read; everything a unit's documents depend on beside the bytes.
 *
 * @param inputs files, folders and globs in the order of the job
 * @param textField field path of the text in JSONL and Parquet, such as {@code text} or {@code
 *     meta.body}
 * @param idField field path of the document id; a record without it is called {@code file#record}
 * @param groupField field path whose value is the document's group, or null
 * @param maxDocumentBytes a larger document is cut where that is proved safe
 * @param maxWholeDocumentBytes a larger document, or part of one, that holds no place to cut it is
 *     a dead letter; at least {@code maxDocumentBytes}
 */
public record CorpusSettings(
    List<String> inputs,
    Format format,
    String textField,
    String idField,
    @Nullable String groupField,
    long maxDocumentBytes,
    long maxWholeDocumentBytes,
    InvalidUtf8 invalidUtf8)
    implements Serializable {

  /** What a file holds; AUTO looks at content and name. */
  public enum Format {
    AUTO,
    TEXT,
    LINES,
    PARAGRAPHS,
    JSONL,
    PARQUET,
    WARC,

    /** What AUTO finds to be no text: one dead letter that says what it is. */
    UNSUPPORTED
  }

  public enum InvalidUtf8 {
    DEAD_LETTER,
    REPLACE,
    BYTES
  }
}
