package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a corpus is found and read; everything a unit's documents depend on beside the bytes.
 *
 * @param inputs in the order of the job; what they say of their files comes before the following
 * @param textField path or template of the text in records with fields, such as {@code meta.body}
 * @param segmentsField path of the lists of segments in JSONL, in place of the text; null: none
 * @param idField of the document id; a record without it is called {@code file#record}
 * @param groupField of the document's group, or null
 * @param kept fields whose values go with their documents
 * @param maxDocumentBytes a larger document is cut where a rule allows it
 * @param maxWholeDocumentBytes a larger document, or part of one, that holds no place to cut it is
 *     a dead letter; at least {@code maxDocumentBytes}
 */
public record CorpusSettings(
    List<CorpusInput> inputs,
    InputFormat format,
    String textField,
    @Nullable String segmentsField,
    String idField,
    @Nullable String groupField,
    List<KeptField> kept,
    long maxDocumentBytes,
    long maxWholeDocumentBytes,
    InvalidUtf8 invalidUtf8)
    implements Serializable {

  /** Settings by which no fields are kept, and texts have no segments. */
  public CorpusSettings(
      List<CorpusInput> inputs,
      InputFormat format,
      String textField,
      String idField,
      @Nullable String groupField,
      long maxDocumentBytes,
      long maxWholeDocumentBytes,
      InvalidUtf8 invalidUtf8) {
    this(
        inputs,
        format,
        textField,
        null,
        idField,
        groupField,
        List.of(),
        maxDocumentBytes,
        maxWholeDocumentBytes,
        invalidUtf8);
  }

  public enum InvalidUtf8 {
    DEAD_LETTER,
    REPLACE,
    BYTES
  }
}
