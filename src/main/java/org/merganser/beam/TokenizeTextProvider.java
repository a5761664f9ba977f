package org.merganser.beam;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.SpecialText;

/**
 * {@link TokenizeText} for Beam YAML, Python and Go, which find it by its identifier in an
 * expansion service with this jar. The configuration has a field for each setting of the transform.
 * {@code error_handling: {output: NAME}} puts rows that cannot be encoded into an output of that
 * name; without it such a row fails the pipeline.
 */
public final class TokenizeTextProvider implements SchemaTransformProvider {
  /** The name by which other languages find this transform. */
  static final String IDENTIFIER = "beam:schematransform:org.merganser:tokenize_text:v1";

  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  // The fields of the configuration.
  private static final String ADD_SPECIAL_TOKENS = "add_special_tokens";
  private static final String ERROR_HANDLING = "error_handling";
  private static final String IDS_FIELD = "ids_field";
  private static final String SPECIAL_TEXT = "special_text";
  private static final String TEXT_FIELD = "text_field";
  private static final String TOKENIZER = "tokenizer";
  private static final String TOKENIZER_SHA256 = "tokenizer_sha256";

  /** The field of {@link #ERROR_HANDLING}. */
  private static final String ERROR_OUTPUT = "output";

  /** Sorted by name, like Beam's typed providers. */
  private static final Schema CONFIGURATION =
      Schema.of(
          Field.nullable(ADD_SPECIAL_TOKENS, FieldType.BOOLEAN)
              .withDescription(
                  "Whether the tokenizer's template (BOS, EOS) is applied; default false."),
          Field.nullable(
                  ERROR_HANDLING,
                  FieldType.row(Schema.of(Field.of(ERROR_OUTPUT, FieldType.STRING))))
              .withDescription(
                  "The output for rows that cannot be encoded; without it they fail the pipeline."),
          Field.nullable(IDS_FIELD, FieldType.STRING)
              .withDescription(
                  "Name of the field of the ids; default " + TokenizeText.IDS_FIELD + "."),
          Field.nullable(SPECIAL_TEXT, FieldType.STRING)
              .withDescription(
                  "What becomes of special tokens in the text: text (default), parse or reject."),
          Field.nullable(TEXT_FIELD, FieldType.STRING)
              .withDescription(
                  "Name of the field that is encoded, a string; default "
                      + TokenizeText.TEXT_FIELD
                      + "."),
          Field.of(TOKENIZER, FieldType.STRING)
              .withDescription("Location of tokenizer.json, which every worker reaches."),
          Field.nullable(TOKENIZER_SHA256, FieldType.STRING)
              .withDescription("The SHA-256 that tokenizer.json must have, hex; default any."));

  @Override
  public String identifier() {
    return IDENTIFIER;
  }

  @Override
  public String description() {
    return "Encodes a text field of each row with a HuggingFace `tokenizer.json` (BPE) and appends"
        + " the token ids as a field `"
        + TokenizeText.IDS_FIELD
        + "`. The ids are those of HuggingFace's Rust library.";
  }

  @Override
  public Schema configurationSchema() {
    return CONFIGURATION;
  }

  @Override
  public List<String> inputCollectionNames() {
    return List.of(INPUT);
  }

  @Override
  public List<String> outputCollectionNames() {
    return List.of(OUTPUT);
  }

  @Override
  public SchemaTransform from(Row configuration) {
    TokenizeText transform =
        new TokenizeText(
            tokenizer(configuration),
            string(configuration, TEXT_FIELD, TokenizeText.TEXT_FIELD),
            string(configuration, IDS_FIELD, TokenizeText.IDS_FIELD));
    Row handling = value(configuration, ERROR_HANDLING, Row.class);
    String errorOutput = handling == null ? null : string(handling, ERROR_OUTPUT);
    return new Expansion(transform, errorOutput);
  }

  /**
   * The tokenizer of a configuration.
   *
   * @throws IllegalArgumentException if it names none, or an unknown treatment of special tokens
   */
  private static TokenizerChoice tokenizer(Row configuration) {
    String location = string(configuration, TOKENIZER);
    if (location == null || location.isEmpty()) {
      throw new IllegalArgumentException(
          "TokenizeText: tokenizer is required: the location of a tokenizer.json");
    }
    return new TokenizerChoice(
        FileStore.withAbsolutePath(location),
        string(configuration, TOKENIZER_SHA256),
        specialText(string(configuration, SPECIAL_TEXT, name(SpecialText.TEXT))),
        Boolean.TRUE.equals(value(configuration, ADD_SPECIAL_TOKENS, Boolean.class)));
  }

  /** The value of a field of type string; null if the row lacks it. */
  private static @Nullable String string(Row row, String field) {
    return value(row, field, String.class);
  }

  /** The value of a field of type string; the default if the row lacks it. */
  private static String string(Row row, String field, String byDefault) {
    return Objects.requireNonNullElse(string(row, field), byDefault);
  }

  /** The value of a field; null also if the row lacks it, as rows of other languages may. */
  private static <T> @Nullable T value(Row row, String field, Class<T> type) {
    return row.getSchema().hasField(field) ? type.cast(row.getValue(field)) : null;
  }

  /**
   * The treatment with a name.
   *
   * @throws IllegalArgumentException naming all treatments if there is none of this name
   */
  private static SpecialText specialText(String name) {
    Map<String, SpecialText> known = new LinkedHashMap<>();
    for (SpecialText treatment : SpecialText.values()) {
      known.put(name(treatment), treatment);
    }
    SpecialText found = known.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "TokenizeText: special_text is \"%s\"; allowed: %s"
              .formatted(name, String.join(", ", known.keySet())));
    }
    return found;
  }

  /** The name of a treatment in a configuration. */
  private static String name(SpecialText treatment) {
    return treatment.name().toLowerCase(Locale.ROOT);
  }

  /** The transform between named inputs and outputs. */
  private static final class Expansion extends SchemaTransform {
    private final TokenizeText transform;

    /** The name of the output for rows that cannot be encoded; null for none. */
    private final @Nullable String errorOutput;

    Expansion(TokenizeText transform, @Nullable String errorOutput) {
      this.transform = transform;
      this.errorOutput = errorOutput;
    }

    @Override
    public PCollectionRowTuple expand(PCollectionRowTuple inputs) {
      if (!inputs.has(INPUT)) {
        throw new IllegalArgumentException(
            "TokenizeText takes one input called \""
                + INPUT
                + "\"; given are "
                + inputs.getAll().keySet());
      }
      PCollection<Row> rows = inputs.get(INPUT);
      if (errorOutput == null) {
        return PCollectionRowTuple.of(OUTPUT, rows.apply("TokenizeText", transform));
      }
      PCollectionRowTuple both = rows.apply("TokenizeText", transform.withErrors());
      return PCollectionRowTuple.of(OUTPUT, both.get(TokenizeText.OUTPUT))
          .and(errorOutput, both.get(TokenizeText.ERRORS));
    }
  }
}
