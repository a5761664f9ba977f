package org.merganser.report.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.figures.LengthBucket;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.Tokenizer;

/**
 * Figures of statistics.json, computed again from the shards and tokenizer.json alone, by the words
 * of docs/report.md. Some documents have no group, and added tokens hold spaces.
 */
@Tag("run")
final class FiguresFromShardsTest {
  private static final String ALONE =
      "\\p{IsHan}\\p{IsHiragana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}\\p{IsTibetan}";

  private static final String JOINED = "[\\p{N}[\\p{L}&&[^" + ALONE + "]]]";

  /** Words as docs/report.md states them, in Java's own regular expressions. */
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{L}&&["
              + ALONE
              + "]]\\p{M}*|"
              + JOINED
              + "(?:"
              + JOINED
              + "|\\p{M}|['\u2019](?="
              + JOINED
              + "))*");

  @TempDir static Path folder;
  private static Tokenizer tokenizer;
  private static Statistics statistics;
  private static Statistics sampled;

  private static long documents;
  private static long bytes;
  private static long characters;
  private static long tokens;
  private static long words;
  private static long wholeWords;
  private static long tokensOfWords;
  private static final TreeSet<Integer> USED = new TreeSet<>();

  private static final List<Long> LENGTHS = new ArrayList<>();

  /** The documents of each text, by its ids, in the order of the shards. */
  private static final Map<List<Integer>, List<String>> TEXTS = new LinkedHashMap<>();

  /** Documents, bytes, tokens. */
  private static final Map<String, long[]> GROUPS = new TreeMap<>();

  /** Words, bytes, tokens. */
  private static final Map<String, long[]> SCRIPTS = new TreeMap<>();

  @BeforeAll
  static void run() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    OutputTree.copy(Path.of("sample-data/corpus"), corpus);
    Files.writeString(
        corpus.resolve("without.jsonl"),
        "{\"id\": \"a\", \"text\": \"The sun rises in the east. Of the sun, the moon!\"}\n"
            + "{\"id\": \"b\", \"text\": \"... --- ...\"}\n"
            + "{\"id\": \"c\", \"text\": \"\"}\n"
            + "{\"id\": \"d\", \"text\": \"... --- ...\"}\n"
            + "{\"id\": \"e\", \"text\": \"... --- ...\"}\n"
            + "{\"id\": \"f\", \"text\": \"\"}\n"
            + "{\"id\": \"g\", \"text\": \"The sun\"}\n");
    statistics = statistics("all", "67108864");
    sampled = statistics("sampled", "100000");
    tokenizer = Tokenizer.read(folder.resolve("all/tokenizer/tokenizer.json"));
    ShardRows.of(folder.resolve("all/shards/parquet")).forEach(FiguresFromShardsTest::count);
  }

  private static Statistics statistics(String name, String sampleBytes) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            corpus:
              inputs: [ "%s" ]
              format: jsonl
            tokenizer:
              train:
                vocabSize: 1500
                pattern: qwen2
                specialTokens: [ "<|endoftext|>" ]
                addedTokens: [ "The sun rises", " of the ", ". The" ]
            shards:
              endOfDocument: "<|endoftext|>"
              groupBy: lang
            report:
              sampleBytes: %s
            output: "%s"
            """
                .formatted(folder.resolve("corpus"), sampleBytes, folder.resolve(name)));
    CommandLineRun.of("run", job.toString()).succeeded();
    Path json = folder.resolve(name + "/statistics.json");
    return Statistics.read(Files.readAllBytes(json), json.toString());
  }

  private static void count(ShardRow row) {
    int end = tokenizer.id("<|endoftext|>");
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < row.count; i++) {
      USED.add(row.ids[i]);
      if (row.ids[i] != end) {
        starts.add(joined.size());
        joined.writeBytes(tokenizer.bytes(row.ids[i]));
      }
    }
    String text = joined.toString(UTF_8);
    documents++;
    LENGTHS.add((long) row.count);
    TEXTS
        .computeIfAbsent(
            IntStream.of(row.ids).limit(row.count).boxed().toList(), first -> new ArrayList<>())
        .add(row.docId);
    bytes += joined.size();
    characters += text.codePointCount(0, text.length());
    tokens += row.count;
    long[] group =
        GROUPS.computeIfAbsent(row.group == null ? "(none)" : row.group, g -> new long[3]);
    add(group, 1, joined.size(), row.count);
    String script = "common";
    int before = 0; // bytes up to the end of the word before
    int next = 0; // the first token that no script has
    int units = 0;
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      int from = before + utf8(text, units, word.start());
      int to = from + utf8(text, word.start(), word.end());
      units = word.end();
      script = script(word.group());
      int first = next;
      while (next < starts.size() && starts.get(next) < to) {
        next++;
      }
      add(SCRIPTS.computeIfAbsent(script, s -> new long[3]), 1, to - before, next - first);
      before = to;
      long inside = starts.subList(first, next).stream().filter(start -> start > from).count();
      words++;
      wholeWords += inside == 0 ? 1 : 0;
      tokensOfWords += 1 + inside;
    }
    add(
        SCRIPTS.computeIfAbsent(script, s -> new long[3]),
        0,
        joined.size() - before,
        starts.size() - next);
  }

  private static void add(long[] sums, long... more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }

  private static int utf8(String text, int from, int to) {
    return text.substring(from, to).getBytes(UTF_8).length;
  }

  private static String script(String word) {
    int first =
        word.codePoints().filter(Character::isLetter).findFirst().orElse(word.codePointAt(0));
    return Character.UnicodeScript.of(first).name().toLowerCase(Locale.ROOT);
  }

  private static double gini(Collection<long[]> sums) {
    double[] costs = sums.stream().mapToDouble(s -> (double) s[2] / s[1]).toArray();
    double differences = 0;
    double all = 0;
    for (double a : costs) {
      all += a;
      for (double b : costs) {
        differences += Math.abs(a - b);
      }
    }
    return differences / (2 * costs.length * all);
  }

  private static void assertFigure(BigDecimal figure, double expected) {
    assertThat(figure.doubleValue()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void sumsOfAllText() {
    assertThat(statistics.documents()).isEqualTo(documents);
    assertThat(statistics.bytes()).isEqualTo(bytes);
    assertThat(statistics.measured().characters()).isEqualTo(characters);
    assertThat(statistics.tokens()).isEqualTo(tokens);
    assertThat(statistics.vocabulary().used()).isEqualTo(USED.size());
    assertFigure(statistics.bytesPerToken(), (double) bytes / tokens);
  }

  @Test
  void wordsAndTheTokensThatCutThem() {
    assertThat(statistics.measured().words().words()).isEqualTo(words);
    assertFigure(statistics.tokensPerWord(), (double) tokensOfWords / words);
    assertFigure(statistics.wholeWords(), (double) wholeWords / words);
  }

  @Test
  void groupsWithTheDocumentsThatHaveNone() {
    assertThat(GROUPS).containsKey("(none)");
    assertThat(statistics.groups()).hasSameSizeAs(GROUPS.keySet());
    for (Statistics.GroupRow row : statistics.groups()) {
      long[] group = GROUPS.get(row.group());
      assertThat(List.of(row.documents(), row.bytes(), row.tokens()))
          .as(row.group())
          .containsExactly(group[0], group[1], group[2]);
      assertFigure(row.bytesPerToken(), (double) group[1] / group[2]);
      assertFigure(row.costRatio(), (double) group[2] / group[1] * bytes / tokens);
    }
    assertFigure(statistics.groupGini(), gini(GROUPS.values()));
    assertThat(statistics.groups().stream().mapToLong(Statistics.GroupRow::tokens).sum())
        .isEqualTo(statistics.tokens());
  }

  @Test
  void scriptsInWhichEachTokenCountsOnce() {
    assertThat(statistics.scripts()).hasSameSizeAs(SCRIPTS.keySet());
    for (Statistics.ScriptRow row : statistics.scripts()) {
      long[] script = SCRIPTS.get(row.script());
      assertThat(List.of(row.words(), row.bytes(), row.tokens()))
          .as(row.script())
          .containsExactly(script[0], script[1], script[2]);
      assertFigure(row.bytesPerToken(), (double) script[1] / script[2]);
    }
    assertFigure(statistics.scriptGini(), gini(SCRIPTS.values()));
    // The Thai documents are all but Thai, so the two tables say nearly the same of them.
    long[] thai = GROUPS.get("th");
    assertThat(bytesPerToken("thai")).isCloseTo((double) thai[1] / thai[2], within(0.05));
  }

  /** Each row is a document: none is large enough to be cut. */
  @Test
  void lengthsOfDocumentsWithTheirQuantilesAndGroups() {
    DocumentLengths lengths = statistics.lengths();
    Collections.sort(LENGTHS);
    assertThat(lengths.all().documents()).isEqualTo(documents);
    assertThat(lengths.all().tokens()).isEqualTo(tokens);
    for (DocumentLengths.Quantile quantile : lengths.all().quantiles()) {
      int rank = (int) Math.ceil(quantile.percent() * documents / 100.0);
      assertThat(LENGTHS.get(rank - 1)).isBetween(quantile.least(), quantile.most());
      assertThat(quantile.most()).isLessThanOrEqualTo(quantile.least() * 9 / 8);
    }
    for (DocumentLengths.Above above : lengths.all().above()) {
      List<Long> longer = LENGTHS.stream().filter(length -> length > above.length()).toList();
      long theirs = longer.stream().mapToLong(length -> length).sum();
      assertThat(above.documents()).isEqualTo(longer.size());
      assertThat(above.tokens()).isEqualTo(theirs);
      assertFigure(above.documentShare(), (double) longer.size() / documents);
      assertFigure(above.tokenShare(), (double) theirs / tokens);
    }
    long before = -1;
    for (LengthBucket bucket : lengths.all().buckets()) {
      long after = before;
      List<Long> within =
          LENGTHS.stream().filter(length -> length > after && length <= bucket.to()).toList();
      assertThat(bucket.documents()).isEqualTo(within.size());
      assertThat(bucket.tokens()).isEqualTo(within.stream().mapToLong(length -> length).sum());
      before = bucket.to();
    }
    assertThat(lengths.longest().stream().map(MeasuredDocument::tokens))
        .containsExactlyElementsOf(
            LENGTHS.subList(LENGTHS.size() - 10, LENGTHS.size()).stream()
                .sorted(Collections.reverseOrder())
                .toList());
    assertThat(lengths.groups()).hasSameSizeAs(GROUPS.keySet());
    for (DocumentLengths.Group group : lengths.groups()) {
      assertThat(group.figures().documents()).isEqualTo(GROUPS.get(group.group())[0]);
      assertThat(group.figures().tokens()).isEqualTo(GROUPS.get(group.group())[2]);
    }
    assertThat(sampled.lengths()).isEqualTo(lengths);
  }

  @Test
  void unusualDocumentsWithTheTextsThatMostDocumentsHave() {
    UnusualDocuments unusual = statistics.unusual();
    assertThat(unusual.empty().documents())
        .isEqualTo(LENGTHS.stream().filter(length -> length == 1).count())
        .isEqualTo(2);
    assertThat(unusual.veryShort().documents())
        .isEqualTo(LENGTHS.stream().filter(length -> length > 1 && length <= 10).count())
        .isPositive();
    assertFigure(unusual.veryShort().share(), (double) unusual.veryShort().documents() / documents);
    assertThat(unusual.largest().tokens()).isEqualTo(Collections.max(LENGTHS));
    assertFigure(unusual.largest().share(), (double) Collections.max(LENGTHS) / tokens);
    assertThat(unusual.equal().documents()).isEqualTo(documents - TEXTS.size()).isEqualTo(3);
    assertThat(unusual.equal().sampledOneIn()).isEqualTo(1);
    assertFigure(unusual.equal().share(), 3.0 / documents);
    assertThat(unusual.equal().mostFrequent())
        .extracting(UnusualDocuments.Text::documents, UnusualDocuments.Text::id)
        .containsExactly(tuple(3L, "b"), tuple(2L, "c"));
    assertThat(unusual.equal().mostFrequent())
        .extracting(UnusualDocuments.Text::text)
        .containsExactly("... --- ...", "");
    assertThat(sampled.unusual()).isEqualTo(unusual);
    assertThat(statistics.verdict())
        .filteredOn(check -> check.name().equals("equal-texts"))
        .extracting(Statistics.Check::found)
        .singleElement()
        .asString()
        .startsWith("3 of ")
        .contains("the text of b of ", "(3 times)");
  }

  /** A job with {@code corpus.append} cannot have {@code corpus.deduplicate}. */
  @Test
  void theAdviceForEqualTextsIsOneThatEveryJobCanFollow() {
    assertThat(statistics.verdict())
        .filteredOn(check -> check.name().equals("equal-texts"))
        .extracting(Statistics.Check::advice)
        .singleElement()
        .asString()
        .contains("set corpus.deduplicate: exact", "with corpus.append, remove");
  }

  /** The first run encoded from the sequences that counting kept, this one from the text. */
  @Test
  void unusualDocumentsAreTheSameIfTheTextIsReadAgain() throws IOException {
    UnusualDocuments again =
        statisticsOf(
            "loaded", "tokenizer={load: '" + folder.resolve("all/tokenizer/tokenizer.json") + "'}");
    assertThat(again).isEqualTo(statistics.unusual());
  }

  @Test
  void duplicatesThatAreLeftOutAreCountedAndNamed() throws IOException {
    UnusualDocuments.Equal leftOut =
        statisticsOf("deduplicated", "corpus.deduplicate=exact").equal();
    UnusualDocuments.Equal kept = statistics.unusual().equal();
    assertThat(leftOut.leftOut()).isTrue();
    assertThat(leftOut.documents()).isEqualTo(kept.documents());
    assertThat(leftOut.share()).isEqualTo(kept.share());
    assertThat(leftOut.mostFrequent()).isEqualTo(kept.mostFrequent());
  }

  @Test
  void noTextIsInTheFiguresIfThePageHasNone() throws IOException {
    assertThat(statisticsOf("hidden", "report.documents=0").equal().mostFrequent())
        .hasSize(2)
        .extracting(UnusualDocuments.Text::text)
        .containsOnlyNulls();
  }

  private static UnusualDocuments statisticsOf(String name, String setting) throws IOException {
    Path output = folder.resolve(name);
    CommandLineRun.of(
            "run",
            folder.resolve("all.yaml").toString(),
            "--set",
            "output=" + output,
            "--set",
            "report.granularities=false",
            "--set",
            setting)
        .succeeded();
    Path json = output.resolve("statistics.json");
    return Statistics.read(Files.readAllBytes(json), json.toString()).unusual();
  }

  private static double bytesPerToken(String script) {
    return statistics.scripts().stream()
        .filter(row -> row.script().equals(script))
        .findFirst()
        .orElseThrow()
        .bytesPerToken()
        .doubleValue();
  }

  @Test
  void aSampleIsNearTheFiguresOfAllText() {
    assertThat(statistics.sampledOneIn()).isEqualTo(1);
    assertThat(sampled.sampledOneIn()).isEqualTo(4);
    assertThat(sampled.measured().bytes()).isBetween(bytes / 8, bytes / 2);
    assertThat(sampled.tokensPerWord()).isCloseTo(statistics.tokensPerWord(), withinPercentage(20));
    assertThat(sampled.wholeWords()).isCloseTo(statistics.wholeWords(), withinPercentage(20));
  }

  @Test
  void figuresOfAllTextAreTheSameWhateverIsSampled() {
    assertThat(sampled.groups().stream().map(Statistics.GroupRow::bytesPerToken))
        .containsExactlyElementsOf(
            statistics.groups().stream().map(Statistics.GroupRow::bytesPerToken).toList());
  }
}
