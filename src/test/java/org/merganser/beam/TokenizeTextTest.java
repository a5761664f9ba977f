package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.Jobs;
import org.merganser.text.NastyText;
import org.merganser.tokenizer.HfTokenizer;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;

/** Rows of text become rows of ids: those of HF's library, whatever the pipeline around them. */
final class TokenizeTextTest {
  private static final Schema TEXTS =
      Schema.builder().addInt64Field("number").addNullableStringField("text").build();

  @TempDir static Path folder;

  private static Path tokenizer;

  private final Pipeline pipeline = Pipeline.create();

  @BeforeAll
  static void train() {
    Path out = folder.resolve("trained");
    Jobs.train(
        out,
        "--input=sample-data/corpus --vocab-size=1000 --family=qwen2"
            + " --special-token=<|endoftext|>");
    tokenizer = out.resolve("tokenizer.json");
  }

  private static Row row(long number, String text) {
    return Row.withSchema(TEXTS).addValues(number, text).build();
  }

  private PCollection<Row> rows(List<Row> rows) {
    return pipeline.apply("Rows", Create.of(rows).withCoder(RowCoder.of(TEXTS)));
  }

  private PCollection<Row> texts(String... texts) {
    List<Row> rows = new ArrayList<>();
    for (String text : texts) {
      rows.add(row(rows.size(), text));
    }
    return rows(rows);
  }

  private static TokenizeText withTokenizer() {
    return TokenizeText.with(tokenizer.toString());
  }

  private static int[] ids(Row row) {
    return row.<Integer>getArray("token_ids").stream().mapToInt(Integer::intValue).toArray();
  }

  private static Map<Long, int[]> idsByNumber(CollectedRows<Row> collected) {
    return collected.elements().stream()
        .collect(Collectors.toMap(row -> row.getInt64("number"), TokenizeTextTest::ids));
  }

  private static long counter(PipelineResult result, String name) {
    return StreamSupport.stream(
            result
                .metrics()
                .queryMetrics(
                    MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named(TokenizeText.class, name))
                        .build())
                .getCounters()
                .spliterator(),
            false)
        .mapToLong(metric -> metric.getAttempted())
        .sum();
  }

  private static void assertFails(Pipeline pipeline, String... said) {
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .isInstanceOf(Pipeline.PipelineExecutionException.class)
        .hasMessageContainingAll(said);
  }

  @Test
  void idsOfRandomTextsAreThoseOfHf() throws IOException {
    Random random = new Random(Seeds.next());
    List<Row> rows = new ArrayList<>();
    Map<Long, String> texts = new HashMap<>();
    for (long i = 0; i < 300; i++) {
      texts.put(i, NastyText.forTokenizers(random, random.nextInt(40)));
      rows.add(row(i, texts.get(i)));
    }
    CollectedRows<Row> collected = CollectedRows.of("Collect", rows(rows).apply(withTokenizer()));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    Map<Long, int[]> found = idsByNumber(collected);
    assertThat(found).hasSize(300);
    long tokens = 0;
    try (HfTokenizer hf = new HfTokenizer(withoutSpecialTokens())) {
      for (Map.Entry<Long, String> text : texts.entrySet()) {
        assertThat(found.get(text.getKey()))
            .as(text.getValue())
            .isEqualTo(hf.encode(text.getValue()));
        tokens += found.get(text.getKey()).length;
      }
    }
    assertThat(counter(result, "rows")).isEqualTo(300);
    assertThat(counter(result, "tokens")).isEqualTo(tokens);
    assertThat(counter(result, "failed_rows")).isZero();
  }

  /** HF always parses special tokens; here they are text by default. */
  private static byte[] withoutSpecialTokens() throws IOException {
    return Files.readString(tokenizer)
        .replaceFirst("(?s)\"added_tokens\": \\[.*?\\n  \\]", "\"added_tokens\": []")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aRowKeepsItsFieldsWindowAndTimestamp() {
    PCollection<Row> rows =
        texts("first", "second")
            .apply(WithTimestamps.of(row -> new Instant(1000 * row.getInt64("number"))))
            .setRowSchema(TEXTS)
            .apply(Window.into(FixedWindows.of(Duration.standardSeconds(1))));
    CollectedRows<Row> collected =
        CollectedRows.of("Collect", rows.apply(withTokenizer().withIdsField("ids")));
    pipeline.run().waitUntilFinish();
    assertThat(collected.found()).hasSize(2);
    for (CollectedRows.Found found : collected.found()) {
      Row row = (Row) found.element();
      long second = row.getInt64("number");
      assertThat(row.getSchema().getFieldNames()).containsExactly("number", "text", "ids");
      assertThat(row.getString("text")).isEqualTo(second == 0 ? "first" : "second");
      assertThat(found.timestamp()).isEqualTo(1000 * second);
      assertThat(((IntervalWindow) found.window()).start().getMillis()).isEqualTo(1000 * second);
    }
  }

  @Test
  void specialTokensAreTextUnlessTheyAreParsed() {
    PCollection<Row> rows = texts("a<|endoftext|>");
    CollectedRows<Row> text = CollectedRows.of("Text", rows.apply("AsText", withTokenizer()));
    CollectedRows<Row> parsed =
        CollectedRows.of(
            "Parsed", rows.apply("AsToken", withTokenizer().withSpecialText(SpecialText.PARSE)));
    pipeline.run().waitUntilFinish();
    int end = Tokenizer.read(tokenizer).id("<|endoftext|>");
    assertThat(ids(text.elements().get(0))).doesNotContain(end);
    assertThat(ids(parsed.elements().get(0))).endsWith(end);
  }

  @Test
  void addsWhatThePostProcessorAdds() throws IOException {
    Path file = folder.resolve("template.json");
    Files.writeString(
        file,
        Files.readString(tokenizer)
            .replaceFirst(
                "(?s)\"post_processor\": \\{.*?\\n  \\}",
                "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\":"
                    + " {\"id\": \"<|endoftext|>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\","
                    + " \"type_id\": 0}}], \"pair\": [], \"special_tokens\": {\"<|endoftext|>\": {\"id\":"
                    + " \"<|endoftext|>\", \"ids\": [0], \"tokens\": [\"<|endoftext|>\"]}}}"));
    PCollection<Row> rows = texts("word");
    TokenizeText transform = TokenizeText.with(file.toString());
    CollectedRows<Row> bare = CollectedRows.of("Bare", rows.apply("AsIs", transform));
    CollectedRows<Row> added =
        CollectedRows.of("Added", rows.apply("Adding", transform.addingSpecialTokens()));
    pipeline.run().waitUntilFinish();
    int[] ids = ids(added.elements().get(0));
    assertThat(ids[0]).isZero();
    assertThat(Arrays.copyOfRange(ids, 1, ids.length)).isEqualTo(ids(bare.elements().get(0)));
  }

  @Test
  void rowsThatCannotBeEncodedGoToTheSecondOutput() {
    PCollectionRowTuple both =
        texts("good", null, "bad <|endoftext|>")
            .apply(withTokenizer().withSpecialText(SpecialText.REJECT).withErrors());
    CollectedRows<Row> good = CollectedRows.of("Good", both.get(TokenizeText.OUTPUT));
    CollectedRows<Row> bad = CollectedRows.of("Bad", both.get(TokenizeText.ERRORS));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(idsByNumber(good)).containsOnlyKeys(0L);
    Map<Long, String> reasons =
        bad.elements().stream()
            .collect(
                Collectors.toMap(
                    row -> row.getRow("failed_row").getInt64("number"),
                    row -> row.getString("error_message")));
    assertThat(reasons)
        .isEqualTo(
            Map.of(
                1L,
                "the field \"text\" is null",
                2L,
                "the document holds the special token \"<|endoftext|>\" at byte 4"));
    assertThat(counter(result, "failed_rows")).isEqualTo(2);
    assertThat(counter(result, "rows")).isEqualTo(1);
  }

  @Test
  void aCharacterThatTheVocabularyLacksIsAReason() throws IOException {
    Path file = folder.resolve("characters.json");
    Files.write(file, TestTokenizers.withoutUnknownToken());
    PCollectionRowTuple both =
        texts("the", "\uE001").apply(TokenizeText.with(file.toString()).withErrors());
    CollectedRows<Row> bad = CollectedRows.of("Bad", both.get(TokenizeText.ERRORS));
    pipeline.run().waitUntilFinish();
    assertThat(bad.elements()).hasSize(1);
    assertThat(bad.elements().get(0).getString("error_message"))
        .contains("the vocabulary has no token for U+E001");
  }

  @Test
  void withoutASecondOutputABadRowFailsThePipeline() {
    texts("good", null).apply(withTokenizer());
    assertFails(
        pipeline,
        tokenizer.toString(),
        "the field \"text\" is null",
        "withErrors()",
        "{number: 1, text: null}");
  }

  @Test
  void aMissingTokenizerFailsThePipelineByName() {
    texts("text").apply(TokenizeText.with(folder.resolve("nowhere.json").toString()).withErrors());
    assertFails(
        pipeline, folder.resolve("nowhere.json") + ": there is no such file on this worker");
  }

  @Test
  void aTokenizerOfAnotherSumIsRefused() throws IOException {
    String sum = Sha256.of(Files.readAllBytes(tokenizer));
    texts("text").apply("Right", withTokenizer().withSha256(sum));
    texts("text").getPipeline().run().waitUntilFinish();
    Pipeline other = Pipeline.create();
    other
        .apply(Create.of(List.of(row(0, "text"))).withCoder(RowCoder.of(TEXTS)))
        .apply(withTokenizer().withSha256("0".repeat(64)));
    assertFails(
        other, "has sha256 " + sum + " and not " + "0".repeat(64) + ", which was requested");
  }

  @Test
  void fieldsAreCheckedWhenThePipelineIsMade() {
    PCollection<Row> rows = texts("text");
    assertThatThrownBy(() -> rows.apply("A", withTokenizer().withTextField("body")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rows must have a field \"body\" that is a string; their fields are \"number\" (INT64),"
                + " \"text\" (STRING). Name the field that is meant");
    assertThatThrownBy(() -> rows.apply("B", withTokenizer().withTextField("number")))
        .hasMessageContaining("a field \"number\" that is a string");
    assertThatThrownBy(() -> rows.apply("C", withTokenizer().withIdsField("number")))
        .hasMessageContaining("rows have a field \"number\" already");
    assertThat(rows.apply("D", withTokenizer()).getSchema())
        .isEqualTo(
            Schema.builder()
                .addFields(TEXTS.getFields())
                .addArrayField("token_ids", FieldType.INT32)
                .build());
  }

  @Test
  void aTokenizerIsLoadedOnceForItsContent() throws IOException {
    Path copy = folder.resolve("copy.json");
    Files.copy(tokenizer, copy, StandardCopyOption.REPLACE_EXISTING);
    TokenizerChoice choice = choice(copy);
    var loaded = choice.encoder();
    assertThat(choice.encoder()).isSameAs(loaded);
    assertThat(choice(tokenizer).encoder()).isSameAs(loaded);
    Files.write(copy, TestTokenizers.withoutUnknownToken());
    assertThat(choice.encoder()).isNotSameAs(loaded);
  }

  private static TokenizerChoice choice(Path file) {
    return new TokenizerChoice(file.toString(), null, SpecialText.TEXT, false);
  }

  /** Copies the file that it is given to a place that it knows, and gives that place. */
  private static final class CopyFn extends DoFn<String, String> {
    private final String to;

    CopyFn(String to) {
      this.to = to;
    }

    @ProcessElement
    public void copy(@Element String from, OutputReceiver<String> out) throws IOException {
      Files.copy(Path.of(from), Path.of(to));
      out.output(to);
    }
  }

  @Test
  void aTokenizerMayBeWrittenByTheSamePipeline() {
    String file = folder.resolve("same-pipeline.json").toString();
    PCollection<String> written =
        pipeline
            .apply("Source", Create.of(tokenizer.toString()).withCoder(StringUtf8Coder.of()))
            .apply("Write", ParDo.of(new CopyFn(file)));
    PCollection<Row> rows = texts("the cat").apply(Wait.on(written)).setRowSchema(TEXTS);
    CollectedRows<Row> collected = CollectedRows.of("Collect", rows.apply(TokenizeText.with(file)));
    pipeline.run().waitUntilFinish();
    assertThat(ids(collected.elements().get(0)))
        .isEqualTo(Tokenizer.read(Path.of(file)).encode("the cat"));
  }
}
