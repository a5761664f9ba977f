package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a corpus is found and read: everything besides the bytes that decides the documents of a
 * unit.
 *
 * @param validationInputs excluded from training; before the inputs in document order
 * @param inputs in the order of the job; settings of an input override the following ones
 * @param exclude globs of excluded files as in the job, each with the location that it resolves to
 * @param includeAll whether hidden names and files that are not data are read
 * @param separator the line between the documents of a text; null: a text is one document
 * @param textField path or template of the text in records with fields, such as {@code meta.body}
 * @param segmentsField path of the lists of segments in JSONL, in place of the text, or null
 * @param idField of the document id; a record without it has the id {@code file#record}
 * @param splitField of the split of a record, or null
 * @param groupField of the document's group, or null
 * @param kept fields whose values are stored with the documents
 * @param format of the files of inputs that name none
 * @param maxDocumentBytes a larger document is cut if a rule allows it
 * @param maxWholeDocumentBytes a larger document, or part of one, that cannot be cut is a dead
 *     letter; at least {@code maxDocumentBytes}
 * @param invalidUtf8 what is done with text that is not UTF-8
 */
public record CorpusSettings(
    List<CorpusInput> validationInputs,
    List<CorpusInput> inputs,
    Map<String, String> exclude,
    boolean includeAll,
    InputFormat format,
    @Nullable String separator,
    String textField,
    @Nullable String segmentsField,
    String idField,
    @Nullable String splitField,
    @Nullable String groupField,
    List<KeptField> kept,
    long maxDocumentBytes,
    long maxWholeDocumentBytes,
    InvalidUtf8 invalidUtf8)
    implements Serializable {
  /** The largest allowed limit: a document, or a part of one, is passed on in one array. */
  public static final long MAX_DOCUMENT_BYTES = 1L << 30;

  /** The value of {@code maxDocumentBytes} in a job that names none. */
  public static final long DEFAULT_DOCUMENT_BYTES = 64L << 20;

  /** Settings without validation inputs, exclusions, separator, kept fields and segments. */
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
        List.of(),
        inputs,
        Map.of(),
        false,
        format,
        null,
        textField,
        null,
        idField,
        null,
        groupField,
        List.of(),
        maxDocumentBytes,
        maxWholeDocumentBytes,
        invalidUtf8);
  }

  /** The same settings with another {@code maxDocumentBytes}. */
  public CorpusSettings withMaxDocumentBytes(long bytes) {
    return new CorpusSettings(
        validationInputs,
        inputs,
        exclude,
        includeAll,
        format,
        separator,
        textField,
        segmentsField,
        idField,
        splitField,
        groupField,
        kept,
        bytes,
        Math.max(bytes, maxWholeDocumentBytes),
        invalidUtf8);
  }
}
