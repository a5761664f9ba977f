package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.schemas.utils.YamlUtils;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;

/** The transform as Beam YAML reaches it: found by its identifier, configured by a row. */
final class TokenizeTextProviderTest {
  private static final Schema TEXTS =
      Schema.builder().addStringField("id").addNullableStringField("body").build();

  @TempDir Path folder;

  private final Pipeline pipeline = Pipeline.create();
  private final SchemaTransformProvider provider = provider();
  private Path tokenizer;

  private static SchemaTransformProvider provider() {
    return StreamSupport.stream(
            ServiceLoader.load(SchemaTransformProvider.class).spliterator(), false)
        .filter(
            found ->
                found.identifier().equals("beam:schematransform:org.merganser:tokenize_text:v1"))
        .findFirst()
        .orElseThrow();
  }

  @BeforeEach
  void writeTokenizer() throws IOException {
    tokenizer = folder.resolve("tokenizer.json");
    String json =
        new String(TestTokenizers.byteLevel(), StandardCharsets.UTF_8)
            .replace(
                "\"added_tokens\":[]",
                "\"added_tokens\":[{\"id\":5000,\"content\":\"<end>\",\"single_word\":false,"
                    + "\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true}]");
    Files.writeString(tokenizer, json);
  }

  private Row yaml(String config) {
    return YamlUtils.toBeamRow(config.formatted(tokenizer), provider.configurationSchema(), false);
  }

  private PCollectionRowTuple expand(Row configuration, Row... rows) {
    PCollection<Row> input =
        pipeline.apply("Rows", Create.of(List.of(rows)).withCoder(RowCoder.of(TEXTS)));
    return PCollectionRowTuple.of("input", input).apply(provider.from(configuration));
  }

  private static Row row(String id, String body) {
    return Row.withSchema(TEXTS).addValues(id, body).build();
  }

  @Test
  void encodesAsTheYamlSays() {
    PCollectionRowTuple outputs =
        expand(
            yaml(
                """
                tokenizer: %s
                text_field: body
                ids_field: ids
                special_text: parse
                """),
            row("a", "the world<end>"));
    assertThat(outputs.getAll()).containsOnlyKeys("output");
    CollectedRows<Row> collected = CollectedRows.of("Collect", outputs.get("output"));
    pipeline.run().waitUntilFinish();
    Row encoded = collected.elements().get(0);
    assertThat(encoded.getSchema().getFieldNames()).containsExactly("id", "body", "ids");
    Tokenizer reference = Tokenizer.read(tokenizer);
    assertThat(encoded.<Integer>getArray("ids"))
        .endsWith(reference.id("<end>"))
        .startsWith(reference.encode("the world")[0]);
  }

  @Test
  void errorHandlingNamesTheOutputOfFailedRows() {
    PCollectionRowTuple outputs =
        expand(
            yaml(
                """
                tokenizer: %s
                text_field: body
                special_text: reject
                error_handling:
                  output: bad_rows
                """),
            row("good", "the"),
            row("null", null),
            row("special", "<end>"));
    assertThat(outputs.getAll()).containsOnlyKeys("output", "bad_rows");
    CollectedRows<Row> good = CollectedRows.of("Good", outputs.get("output"));
    CollectedRows<Row> bad = CollectedRows.of("Bad", outputs.get("bad_rows"));
    pipeline.run().waitUntilFinish();
    assertThat(good.elements()).extracting(row -> row.getString("id")).containsExactly("good");
    assertThat(bad.elements())
        .extracting(
            row -> row.getRow("failed_row").getString("id") + ": " + row.getString("error_message"))
        .containsExactlyInAnyOrder(
            "null: the field \"body\" is null",
            "special: the document holds the special token \"<end>\" at byte 0");
  }

  @Test
  void withoutErrorHandlingABadRowFailsThePipeline() {
    expand(yaml("{ tokenizer: %s, text_field: body }"), row("null", null));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining("error_handling in Beam YAML");
  }

  /** Python sends the fields that it has; a null one may be missing. */
  @Test
  void aRowOfTheRequiredFieldIsEnough() {
    Schema one = Schema.builder().addStringField("tokenizer").build();
    Row configuration = Row.withSchema(one).addValue(tokenizer.toString()).build();
    assertThatThrownBy(() -> expand(configuration, row("a", "the")))
        .hasMessageContaining("rows must have a field \"text\" that is a string");
  }

  @Test
  void wrongConfigurationsAreRefused() {
    assertThatThrownBy(() -> provider.from(yaml("{ tokenizer: %s, special_text: drop }")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenizeText: special_text is \"drop\"; allowed: text, parse, reject");
    assertThatThrownBy(() -> provider.from(yaml("{ tokenizer: \"\" }")))
        .hasMessageContaining("tokenizer is required");
    PCollectionRowTuple wrong =
        PCollectionRowTuple.of(
            "rows", pipeline.apply(Create.of(row("a", "b")).withCoder(RowCoder.of(TEXTS))));
    assertThatThrownBy(() -> wrong.apply(provider.from(yaml("{ tokenizer: %s }"))))
        .hasMessageContaining("one input called \"input\"; given are [rows]");
  }

  @Test
  void everyFieldOfTheConfigurationIsDescribedAndOnlyTheTokenizerIsRequired() {
    for (Schema.Field field : provider.configurationSchema().getFields()) {
      assertThat(field.getDescription()).as(field.getName()).isNotEmpty();
      assertThat(field.getType().getNullable())
          .as(field.getName())
          .isEqualTo(!field.getName().equals("tokenizer"));
    }
    assertThat(provider.inputCollectionNames()).containsExactly("input");
    assertThat(provider.outputCollectionNames()).containsExactly("output");
    assertThat(provider.description()).isNotEmpty();
  }
}
