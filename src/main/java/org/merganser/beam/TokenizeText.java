package org.merganser.beam;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.providers.ErrorHandling;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.UnencodableException;

/**
 * Encodes a text field of rows. Each output row has the fields of its input, then the ids, a field
 * of type {@code array<int32>}. The ids are those of HF's Rust library with the same
 * tokenizer.json.
 *
 * <pre>{@code
 * PCollection<Row> ids =
 *     rows.apply(TokenizeText.with("gs://bucket/tokenizer.json").withTextField("body"));
 * }</pre>
 *
 * <p>A row that cannot be encoded fails the pipeline; {@link #withErrors} puts it into a second
 * output instead. Reasons are a null field, the text of a special token under {@link
 * SpecialText#REJECT}, a character without a token, and a text for which a regular expression or a
 * normalizer exceeds its limit.
 *
 * <p>Each thread reads tokenizer.json at its first row, so the same pipeline may write the file
 * before ({@code Wait.on}). A JVM parses the file once while an encoder of it is in use. As many
 * rows are encoded at once as the worker has processors, with up to 100 MB of caches each. Any
 * windowing works.
 *
 * <p>Metrics, in the namespace of this class: {@code rows} and {@code tokens} of encoded rows, and
 * {@code failed_rows}.
 */
public final class TokenizeText extends PTransform<PCollection<Row>, PCollection<Row>> {
  /** The name of the encoded rows among the outputs of {@link #withErrors}. */
  public static final String OUTPUT = "output";

  /** The name of the rows that cannot be encoded among the outputs of {@link #withErrors}. */
  public static final String ERRORS = "errors";

  /** The field that is encoded, by default. */
  static final String TEXT_FIELD = "text";

  /** The field of the ids, by default. */
  static final String IDS_FIELD = "token_ids";

  private final TokenizerChoice tokenizer;
  private final String textField;
  private final String idsField;

  TokenizeText(TokenizerChoice tokenizer, String textField, String idsField) {
    this.tokenizer = tokenizer;
    this.textField = textField;
    this.idsField = idsField;
  }

  /**
   * Encodes the field {@code text} into the field {@code token_ids}; special tokens in the text are
   * text, and none is added.
   *
   * @param tokenizer the location of a tokenizer.json that every worker reaches: a local path,
   *     {@code hdfs://}, or any location of Beam's FileSystems
   */
  public static TokenizeText with(String tokenizer) {
    TokenizerChoice choice = TokenizerChoice.at(FileStore.withAbsolutePath(tokenizer));
    return new TokenizeText(choice, TEXT_FIELD, IDS_FIELD);
  }

  /** Sets the name of the field that is encoded, a string. */
  public TokenizeText withTextField(String name) {
    return new TokenizeText(tokenizer, name, idsField);
  }

  /** Sets the name of the field with the ids, which the rows must not have yet. */
  public TokenizeText withIdsField(String name) {
    return new TokenizeText(tokenizer, textField, name);
  }

  /**
   * Sets the treatment of special tokens in the text; HF's default is {@link SpecialText#PARSE}.
   */
  public TokenizeText withSpecialText(SpecialText specialText) {
    return withTokenizer(tokenizer.withSpecialText(specialText));
  }

  /** Adds the ids of the post-processor's template (BOS, EOS), as HF does by default. */
  public TokenizeText addingSpecialTokens() {
    return withTokenizer(tokenizer.addingSpecialTokens());
  }

  /**
   * Refuses a file with another SHA-256, so that all workers and later runs use the same tokenizer.
   *
   * @param sha256 the SHA-256 of tokenizer.json, hex
   */
  public TokenizeText withSha256(String sha256) {
    return withTokenizer(tokenizer.withSha256(sha256));
  }

  private TokenizeText withTokenizer(TokenizerChoice choice) {
    return new TokenizeText(choice, textField, idsField);
  }

  /**
   * The same transform with two outputs: {@value #OUTPUT}, and {@value #ERRORS} with the fields
   * {@code failed_row} and {@code error_message}, like Beam's own schema transforms. If the second
   * output is not read, its rows are lost; the metric {@code failed_rows} counts them.
   */
  public PTransform<PCollection<Row>, PCollectionRowTuple> withErrors() {
    boolean hasErrorOutput = true;
    return PTransform.compose("TokenizeText", rows -> expand(rows, hasErrorOutput));
  }

  @Override
  public PCollection<Row> expand(PCollection<Row> rows) {
    boolean hasErrorOutput = false;
    return expand(rows, hasErrorOutput).get(OUTPUT);
  }

  /**
   * The outputs {@value #OUTPUT} and {@value #ERRORS}.
   *
   * @param hasErrorOutput whether rows that cannot be encoded are put into the second output, and
   *     do not fail the pipeline; if not, that output is empty
   */
  private PCollectionRowTuple expand(PCollection<Row> rows, boolean hasErrorOutput) {
    EncodeFn encode = new EncodeFn(this, rows.getSchema(), hasErrorOutput);
    PCollectionTuple encoded =
        rows.apply(
            "Encode",
            ParDo.of(encode).withOutputTags(EncodeFn.IDS, TupleTagList.of(EncodeFn.FAILED)));
    PCollection<Row> ids = encoded.get(EncodeFn.IDS).setRowSchema(encode.outputSchema);
    PCollection<Row> failed = encoded.get(EncodeFn.FAILED).setRowSchema(encode.errorSchema);
    return PCollectionRowTuple.of(OUTPUT, ids).and(ERRORS, failed);
  }

  /** Encodes a row, or fails, or puts the row into the output of errors. */
  private static final class EncodeFn extends DoFn<Row, Row> {
    static final TupleTag<Row> IDS = new TupleTag<>() {};
    static final TupleTag<Row> FAILED = new TupleTag<>() {};

    private final TokenizerChoice tokenizer;
    private final String textField;
    private final int textIndex;
    private final Schema outputSchema;
    private final Schema errorSchema;
    private final boolean hasErrorOutput;
    private final Counter rows = Metrics.counter(TokenizeText.class, "rows");
    private final Counter tokens = Metrics.counter(TokenizeText.class, "tokens");
    private final Counter failedRows = Metrics.counter(TokenizeText.class, "failed_rows");

    /** Null before the first row. */
    private transient @Nullable TextEncoder encoder;

    EncodeFn(TokenizeText transform, Schema input, boolean hasErrorOutput) {
      this.tokenizer = transform.tokenizer;
      this.textField = transform.textField;
      this.textIndex = RowFields.requireString(input, textField);
      this.outputSchema =
          RowFields.append(input, transform.idsField, FieldType.array(FieldType.INT32));
      this.errorSchema = ErrorHandling.errorSchema(input);
      this.hasErrorOutput = hasErrorOutput;
    }

    @ProcessElement
    public void encode(@Element Row row, MultiOutputReceiver out) {
      TextEncoder loaded = loadedEncoder();
      String text = row.getString(textIndex);
      if (text == null) {
        RuntimeException noCause = null;
        fail(row, "the field \"" + textField + "\" is null", noCause, out);
        return;
      }
      int[] ids;
      try {
        ids = loaded.encode(text);
      } catch (SpecialTextException
          | UnencodableException
          | RegexLimitException
          | NormalizerLimitException e) {
        fail(row, String.valueOf(e.getMessage()), e, out);
        return;
      }
      rows.inc();
      tokens.inc(ids.length);
      out.get(IDS).output(RowFields.append(row, outputSchema, new IdList(ids)));
    }

    private TextEncoder loadedEncoder() {
      TextEncoder loaded = encoder;
      if (loaded == null) {
        loaded = tokenizer.encoder();
        encoder = loaded;
      }
      return loaded;
    }

    /**
     * Puts a row into the output of errors.
     *
     * @param cause null if the reason is no exception
     * @throws RunException if that output was not asked for
     */
    private void fail(
        Row row, String reason, @Nullable RuntimeException cause, MultiOutputReceiver out) {
      failedRows.inc();
      if (!hasErrorOutput) {
        throw RunException.of(
                "TokenizeText with %s: %s. withErrors() (error_handling in Beam YAML) puts such"
                    + " rows into a second output. The row is %s",
                tokenizer.location(), reason, RowFields.shown(row))
            .causedBy(cause);
      }
      out.get(FAILED).output(Row.withSchema(errorSchema).attachValues(row, reason));
    }
  }

  /** Ids as a list for a Beam row; an object for an id is created only on access. */
  private static final class IdList extends AbstractList<Integer> implements RandomAccess {
    private final int[] ids;

    /**
     * @param ids not copied; must not be changed
     */
    IdList(int[] ids) {
      this.ids = ids;
    }

    @Override
    public Integer get(int index) {
      return ids[index];
    }

    @Override
    public int size() {
      return ids.length;
    }
  }
}
