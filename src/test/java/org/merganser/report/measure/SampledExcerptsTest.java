package org.merganser.report.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.text.scan.CutRule;
import org.merganser.tokenizer.Tokenizer;

final class SampledExcerptsTest {
  /** Every other excerpt: of documents at some dozen places all are met. */
  private static final TextSample HALF = new TextSample(1);

  private static final int PLACES = 24;

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void train() throws IOException {
    Path text =
        Files.writeString(folder.resolve("text.txt"), "low lower lowest Größe größer\n".repeat(50));
    Jobs.train(folder.resolve("tokenizer"), "--input %s --vocab-size 290 --pattern gpt2", text);
    tokenizer = Tokenizer.read(folder.resolve("tokenizer/tokenizer.json"));
  }

  private static ShardRow row(String text) {
    return ShardRows.row("", "a.txt", 0, 0, tokenizer.encode(text));
  }

  /** Ends of excerpts by their begins, of the same document at many places. */
  private static Map<Integer, Integer> excerpts(ShardRow row, TextSample sample) {
    return excerpts(row, sample, tokenizer.cutRule().orElse(null));
  }

  private static Map<Integer, Integer> excerpts(
      ShardRow row, TextSample sample, @Nullable CutRule rule) {
    SampledExcerpts excerpts = new SampledExcerpts(sample, new TokenBytes(tokenizer), rule);
    boolean validation = sample.isAll();
    Map<Integer, Excerpt> found = new TreeMap<>();
    for (int place = 0; place < PLACES; place++) {
      row.offset = place;
      excerpts.visit(
          row,
          validation,
          excerpt -> {
            assertThat(sample.has(excerpt.hash())).isTrue();
            assertThat(excerpt.validation()).isEqualTo(validation);
            assertThat(excerpt.document()).isEqualTo(row.docId);
            assertThat(excerpt.alone()).isEqualTo(rule != null || row.count == length(excerpt));
            Excerpt before = found.put(number(row, excerpt), excerpt);
            assertThat(before == null || Arrays.equals(before.ids(), excerpt.ids())).isTrue();
          });
    }
    Map<Integer, Integer> places = new TreeMap<>();
    int at = 0;
    for (Excerpt excerpt : found.values()) {
      assertThat(excerpt.ids())
          .isEqualTo(
              Arrays.copyOfRange(
                  row.ids, at - excerpt.from(), Math.min(row.count, at + length(excerpt) + 512)));
      assertThat(excerpt.from()).isEqualTo(Math.min(512, at));
      places.put(at, at + length(excerpt));
      at += length(excerpt);
    }
    return places;
  }

  private static int length(Excerpt excerpt) {
    return excerpt.to() - excerpt.from();
  }

  /** The number of an excerpt in its document. */
  private static int number(ShardRow row, Excerpt excerpt) {
    int number = 0;
    while (TextSample.hash(row, number) != excerpt.hash()) {
      number++;
    }
    return number;
  }

  private static void assertCoversAll(Map<Integer, Integer> excerpts, ShardRow row) {
    int at = 0;
    for (Map.Entry<Integer, Integer> each : excerpts.entrySet()) {
      assertThat(each.getKey()).isEqualTo(at);
      at = each.getValue();
    }
    assertThat(at).isEqualTo(row.count);
  }

  private static String words(Random random, int count) {
    List<String> parts = new ArrayList<>();
    String[] words = {"low", "lower", " ", "größer", "Größe,", "x\n", "lo", "日本語", "\n\nlowest"};
    for (int i = 0; i < count; i++) {
      parts.add(words[random.nextInt(words.length)]);
    }
    return String.join(" ", parts);
  }

  @Test
  void excerptsOfALongDocumentCoverItAndHaveTheIdsOfTheirTextAlone() {
    long seed = Seeds.next();
    ShardRow row = row(words(new Random(seed), 60_000));
    TokenBytes tokens = new TokenBytes(tokenizer);
    Map<Integer, Integer> excerpts = excerpts(row, HALF);
    assertThat(excerpts).hasSize((row.count - 1) / SampledExcerpts.IDS + 1).hasSizeGreaterThan(3);
    assertCoversAll(excerpts, row);
    DecodedText text = new DecodedText(tokens);
    excerpts.forEach(
        (from, to) -> {
          text.set(row.ids, from, to);
          assertThat(tokenizer.encode(new String(text.text(), 0, text.length(), UTF_8)))
              .isEqualTo(Arrays.copyOfRange(row.ids, from, to));
        });
  }

  @Test
  void aDocumentIsWholeUpToTheSizeOfAnExcerpt() {
    ShardRow row = row("x ".repeat(SampledExcerpts.IDS));
    assertThat(row.count).isGreaterThan(SampledExcerpts.IDS);
    row.count = SampledExcerpts.IDS;
    assertThat(excerpts(row, HALF)).isEqualTo(Map.of(0, SampledExcerpts.IDS));
    row.count++;
    assertThat(excerpts(row, HALF)).hasSize(2);
  }

  @Test
  void anEmptyDocumentIsAnExcerptToo() {
    assertThat(excerpts(row(""), HALF)).isEqualTo(Map.of(0, 0));
  }

  @Test
  void anExcerptGoesOnWhereThereIsNoPlaceForACut() {
    ShardRow row =
        row("y".repeat(2 * SampledExcerpts.IDS) + " low".repeat(2 * SampledExcerpts.IDS));
    Map<Integer, Integer> excerpts = excerpts(row, HALF);
    assertThat(excerpts.get(0)).isGreaterThan(2 * SampledExcerpts.IDS);
    assertThat(excerpts).hasSizeGreaterThan(1);
    assertCoversAll(excerpts, row);
  }

  @Test
  void withoutARuleADocumentIsCutAtTheVeryIds() {
    ShardRow row = row("y".repeat(SampledExcerpts.IDS) + " low".repeat(2 * SampledExcerpts.IDS));
    Map<Integer, Integer> excerpts = excerpts(row, HALF, null);
    assertCoversAll(excerpts, row);
    assertThat(excerpts.keySet()).allMatch(from -> from % SampledExcerpts.IDS == 0);
    assertThat(excerpts).hasSize((row.count - 1) / SampledExcerpts.IDS + 1).hasSizeGreaterThan(2);
  }

  @Test
  void documentsAreWholeWhereAllIsMeasured() {
    ShardRow row = row("low ".repeat(3 * SampledExcerpts.IDS));
    assertThat(excerpts(row, TextSample.ALL)).isEqualTo(Map.of(0, row.count));
  }
}
