package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a corpus is found and read: everything besides the bytes that decides the documents of a
 * unit. {@link #builder} sets the components by name.
 *
 * @param validationInputs excluded from training; before the inputs in document order
 * @param inputs in the order of the job; an input may have a format, separator and fields of its
 *     own
 * @param exclude globs of excluded files as in the job, each with the location that it resolves to
 * @param includeAll whether hidden names and files that are not data are read
 * @param format of the files of inputs that name none
 * @param separator the line between the documents of a text; null: a text is one document
 * @param textField path or template of the text in records with fields, such as {@code meta.body}
 * @param segmentsField path of the lists of segments, in place of the text, in formats with {@link
 *     InputFormat#hasSegments}; or null
 * @param idField path or template of the document id; a record without it has the id {@code
 *     file#offset}
 * @param splitField of the split of a record, or null
 * @param groupField of the document's group, or null
 * @param kept fields whose values are stored with the documents
 * @param maxDocumentBytes a larger document is cut if a rule allows it
 * @param maxWholeDocumentBytes a larger document, or part of one, that cannot be cut is a dead
 *     letter; a lower limit than {@code maxDocumentBytes} counts as that one
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
  /** The {@code textField} of a job that names none. */
  public static final String DEFAULT_TEXT_FIELD = "text";

  /** The {@code idField} of a job that names none. */
  public static final String DEFAULT_ID_FIELD = "id";

  /** The largest allowed limit: a document, or a part of one, is passed on in one array. */
  public static final long MAX_DOCUMENT_BYTES = 1L << 30;

  /** The {@code maxDocumentBytes} of a job that names none. */
  public static final long DEFAULT_DOCUMENT_BYTES = 64L << 20;

  /**
   * A builder for some inputs, with the defaults of the job file for all else but one: a document
   * that cannot be cut has the same limit as others, {@link #DEFAULT_DOCUMENT_BYTES}.
   */
  public static Builder builder(List<CorpusInput> inputs) {
    return new Builder(inputs);
  }

  /** A builder that has these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder(inputs);
    builder.validationInputs = validationInputs;
    builder.exclude = exclude;
    builder.includeAll = includeAll;
    builder.format = format;
    builder.separator = separator;
    builder.textField = textField;
    builder.segmentsField = segmentsField;
    builder.idField = idField;
    builder.splitField = splitField;
    builder.groupField = groupField;
    builder.kept = kept;
    builder.maxDocumentBytes = maxDocumentBytes;
    builder.maxWholeDocumentBytes = maxWholeDocumentBytes;
    builder.invalidUtf8 = invalidUtf8;
    return builder;
  }

  /** Sets the components of {@link CorpusSettings} by name. */
  public static final class Builder {
    private final List<CorpusInput> inputs;
    private List<CorpusInput> validationInputs = List.of();
    private Map<String, String> exclude = Map.of();
    private boolean includeAll;
    private InputFormat format = InputFormat.AUTO;
    private @Nullable String separator;
    private String textField = DEFAULT_TEXT_FIELD;
    private @Nullable String segmentsField;
    private String idField = DEFAULT_ID_FIELD;
    private @Nullable String splitField;
    private @Nullable String groupField;
    private List<KeptField> kept = List.of();
    private long maxDocumentBytes = DEFAULT_DOCUMENT_BYTES;
    private long maxWholeDocumentBytes = DEFAULT_DOCUMENT_BYTES;
    private InvalidUtf8 invalidUtf8 = InvalidUtf8.DEAD_LETTER;

    private Builder(List<CorpusInput> inputs) {
      this.inputs = inputs;
    }

    public Builder validationInputs(List<CorpusInput> validationInputs) {
      this.validationInputs = validationInputs;
      return this;
    }

    public Builder exclude(Map<String, String> exclude) {
      this.exclude = exclude;
      return this;
    }

    public Builder includeAll(boolean includeAll) {
      this.includeAll = includeAll;
      return this;
    }

    public Builder format(InputFormat format) {
      this.format = format;
      return this;
    }

    public Builder separator(@Nullable String separator) {
      this.separator = separator;
      return this;
    }

    public Builder textField(String textField) {
      this.textField = textField;
      return this;
    }

    public Builder segmentsField(@Nullable String segmentsField) {
      this.segmentsField = segmentsField;
      return this;
    }

    public Builder idField(String idField) {
      this.idField = idField;
      return this;
    }

    public Builder splitField(@Nullable String splitField) {
      this.splitField = splitField;
      return this;
    }

    public Builder groupField(@Nullable String groupField) {
      this.groupField = groupField;
      return this;
    }

    public Builder kept(List<KeptField> kept) {
      this.kept = kept;
      return this;
    }

    public Builder maxDocumentBytes(long maxDocumentBytes) {
      this.maxDocumentBytes = maxDocumentBytes;
      return this;
    }

    public Builder maxWholeDocumentBytes(long maxWholeDocumentBytes) {
      this.maxWholeDocumentBytes = maxWholeDocumentBytes;
      return this;
    }

    public Builder invalidUtf8(InvalidUtf8 invalidUtf8) {
      this.invalidUtf8 = invalidUtf8;
      return this;
    }

    /** The settings. */
    public CorpusSettings build() {
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
          maxDocumentBytes,
          maxWholeDocumentBytes,
          invalidUtf8);
    }
  }
}
