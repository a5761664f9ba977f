package org.merganser.pipeline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.ValidationSplit;
import org.merganser.job.JobReader;
import org.merganser.json.Json;
import org.merganser.pipeline.OutputTree;
import org.merganser.text.HfLibrary;

/** Studies of a small corpus of four groups. */
final class StudyRunTest {
  private static final String STUDY =
      "{vocabSize: [300, 420, 360], pattern: [qwen2, gpt2], mix: [{en: 1, de: 3, ja: 2}], parity:"
          + " [{window: 50}], superwords: [{from: 0.9}], dim: 64}";

  private static final double VALIDATION = 0.3;
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}]|((?![\\p{IsHan}\\p{IsHiragana}])[\\p{L}\\p{M}\\p{N}])+");

  @TempDir static Path folder;
  private static Path job;

  /** What the study {@link #STUDY} wrote. */
  private static Path out;

  private record Text(String id, String group, String text) {}

  private static final List<Text> TEXTS = new ArrayList<>();

  @BeforeAll
  static void makeTheStudy() throws IOException {
    Random random = new Random(5);
    String[] english =
        "the waters were rising in the east of the land and of the sea".split(" ", -1);
    String[] german =
        "die Wasser stiegen im Osten des Landes über Häuser und Straßen".split(" ", -1);
    String[] japanese = {"東の", "国では", "水が", "上がって", "いました。"};
    for (int i = 0; i < 240; i++) {
      add("en" + i, "en", words(english, 12, " ", random) + ". " + i);
      add("de" + i, i % 2 == 0 ? "de" : null, words(german, 10, " ", random) + "!");
      add("ja" + i, "ja", words(japanese, 8, "", random));
    }
    List<String> lines = new ArrayList<>();
    for (Text text : TEXTS) {
      Map<String, String> record = new TreeMap<>(Map.of("id", text.id, "text", text.text));
      if (!text.group.equals("(none)")) {
        record.put("lang", text.group);
      }
      lines.add(Json.line(record));
    }
    Files.write(folder.resolve("corpus.jsonl"), lines);
    job = folder.resolve("study.yaml");
    Files.writeString(
        job,
        """
        corpus: {inputs: [ corpus.jsonl ], format: jsonl, validation: %s}
        tokenizer:
          train: {specialTokens: [ "<|end|>" ], addedTokens: [ "the east" ], padTo: 8}
        shards: {groupBy: lang, endOfDocument: "<|end|>"}
        study: %s
        output: study
        """
            .formatted(VALIDATION, STUDY));
    out = folder.resolve("study");
    CommandLineRun.of("study", job.toString()).succeeded();
  }

  private static void add(String id, String group, String text) {
    TEXTS.add(new Text(id, group == null ? "(none)" : group, text));
  }

  private static String words(String[] words, int count, String between, Random random) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(words[random.nextInt(words.length)]);
    }
    return String.join(between, chosen);
  }

  private static JsonNode figures(Path study) throws IOException {
    return new JsonMapper().readTree(study.resolve("study.json").toFile());
  }

  private static List<String> names(JsonNode figures) {
    List<String> names = new ArrayList<>();
    figures.path("vocabularies").forEach(row -> names.add(row.path("name").asText()));
    return names;
  }

  @Test
  void combinesSizesAndPatternsWithEachWayOfLearning() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String pattern : List.of("qwen2", "gpt2")) {
      for (String way : List.of("", "-mix", "-parity", "-superwords")) {
        for (int size : List.of(300, 360, 420)) {
          expected.add(pattern + way + "-" + size);
        }
      }
    }
    assertThat(names(figures(out))).containsExactlyElementsOf(expected);
  }

  @Test
  void learnsWhatARunOfEachVocabularyAloneLearns() throws IOException {
    Map<String, String> ways =
        Map.of(
            "", "null",
            "mix", "{mix: {en: 1, de: 3, ja: 2}}",
            "parity", "{parity: {window: 50}}",
            "superwords", "{superwords: {from: 0.9}}");
    for (String name :
        List.of(
            "qwen2-300",
            "qwen2-360",
            "qwen2-420",
            "qwen2-mix-300",
            "qwen2-parity-300",
            "qwen2-superwords-300",
            "gpt2-mix-420")) {
      String[] parts = name.split("-", -1);
      String way = parts.length == 3 ? parts[1] : "";
      Path alone = folder.resolve("alone-" + name);
      List<String> command =
          new ArrayList<>(
              List.of(
                  "run",
                  job.toString(),
                  "--set",
                  "study=null",
                  "--set",
                  "shards.formats=[]",
                  "--set",
                  "tokenizer.train.vocabSize=" + parts[parts.length - 1],
                  "--set",
                  "tokenizer.train.pattern=" + parts[0],
                  "--set",
                  "output=" + alone));
      if (!way.isEmpty()) {
        String value = ways.get(way);
        command.add("--set");
        command.add(
            "tokenizer.train." + way + "=" + value.substring(way.length() + 3, value.length() - 1));
      }
      CommandLineRun.of(command.toArray(String[]::new)).succeeded();
      SortedMap<String, String> sums = OutputTree.sums(alone);
      sums.keySet().removeIf(path -> path.contains("/") || path.matches("manifest.*|.*jsonl"));
      assertThat(OutputTree.sums(out.resolve(name)))
          .as(name)
          .isEqualTo(
              sums.entrySet().stream()
                  .collect(
                      TreeMap::new,
                      (map, file) -> map.put("tokenizer/" + file.getKey(), file.getValue()),
                      Map::putAll));
    }
  }

  @Test
  void learnsTheSameFromDocumentsThatAreChosenDeduplicatedAndCutIntoParts() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String text =
          String.join(" ", TEXTS.subList(20 * i, 20 * i + 20).stream().map(Text::text).toList());
      lines.add(Json.line(Map.of("id", "a" + i, "text", text)));
      lines.add(Json.line(Map.of("id", "b" + i % 7, "text", i % 3 == 0 ? text : text + "!")));
    }
    Path corpus = Files.write(folder.resolve("long.jsonl"), lines);
    String[] settings = {
      "corpus={inputs: ['"
          + corpus
          + "'], validation: 0.2, maxDocumentBytes: 1024, deduplicate: exact}",
      "tokenizer.train.maxBytes=30000"
    };
    Path studied = folder.resolve("long");
    CommandLineRun.of(command(studied, "{vocabSize: [400], pattern: [qwen2, gpt2]}", settings))
        .succeeded();
    for (String pattern : List.of("qwen2", "gpt2")) {
      Path alone = folder.resolve("long-" + pattern);
      CommandLineRun.of(
              "run",
              job.toString(),
              "--set",
              "study=null",
              "--set",
              "shards.formats=[]",
              "--set",
              "tokenizer.train.vocabSize=400",
              "--set",
              "tokenizer.train.pattern=" + pattern,
              "--set",
              settings[0],
              "--set",
              settings[1],
              "--set",
              "output=" + alone)
          .succeeded();
      assertThat(studied.resolve(pattern + "-400/tokenizer/tokenizer.json"))
          .as(pattern)
          .hasSameBinaryContentAs(alone.resolve("tokenizer.json"));
    }
  }

  /** What HF's library makes of the validation documents, summed up plainly. */
  private static final class Twin {
    final Map<Integer, Long> uses = new TreeMap<>();
    final Map<String, long[]> groups = new TreeMap<>();
    long bytes;
    long tokens;
    long words;

    Twin(Path tokenizer) throws IOException {
      try (HfLibrary hf = HfLibrary.open(Files.readAllBytes(tokenizer))) {
        for (Text text : TEXTS) {
          if (new ValidationSplit(VALIDATION).holdsOut(text.id)) {
            int[] ids = hf.encode(text.text, false).ids();
            Arrays.stream(ids).forEach(id -> uses.merge(id, 1L, Long::sum));
            long[] sums = groups.computeIfAbsent(text.group, group -> new long[3]);
            long length = text.text.getBytes(StandardCharsets.UTF_8).length;
            Matcher found = WORD.matcher(text.text);
            long count = found.results().count();
            sums[0] += length;
            sums[1] += ids.length;
            sums[2] += count;
            bytes += length;
            tokens += ids.length;
            words += count;
          }
        }
      }
    }

    /** Over all pairs of groups: the mean difference over twice the mean. */
    double gini() {
      double[] costs =
          groups.values().stream().mapToDouble(sums -> (double) sums[1] / sums[0]).toArray();
      double differences = 0;
      for (double one : costs) {
        for (double other : costs) {
          differences += Math.abs(one - other);
        }
      }
      return differences / (2 * costs.length * Arrays.stream(costs).sum());
    }

    double renyi(int vocabulary) {
      double sum =
          uses.values().stream().mapToDouble(n -> Math.pow((double) n / tokens, 2.5)).sum();
      return Math.log(sum) / (1 - 2.5) / Math.log(vocabulary);
    }
  }

  private static void assertClose(JsonNode figure, double expected, String of) {
    assertThat(figure.doubleValue()).as(of).isCloseTo(expected, within(1e-6));
  }

  @Test
  void itsFiguresAreThoseOfTheIdsThatHuggingFacesLibraryGives() throws IOException {
    JsonNode study = figures(out);
    for (JsonNode row : study.path("vocabularies")) {
      String name = row.path("name").asText();
      Twin twin = new Twin(out.resolve(name).resolve("tokenizer/tokenizer.json"));
      JsonNode figures = row.path("figures");
      int rows = figures.path("rows").intValue();
      assertThat(rows % 8).isZero();
      assertThat(row.path("embeddingParameters").longValue()).isEqualTo(64L * rows);
      assertThat(figures.path("tokens").longValue()).as(name).isEqualTo(twin.tokens);
      assertThat(figures.path("leftOut").longValue()).isZero();
      assertClose(figures.path("bytesPerToken"), (double) twin.bytes / twin.tokens, name);
      assertClose(figures.path("fertility"), (double) twin.tokens / twin.words, name);
      assertClose(figures.path("gini"), twin.gini(), name);
      assertClose(
          figures.path("renyiEfficiency"), twin.renyi(figures.path("vocabulary").intValue()), name);
      int possible = tokensOfText(out.resolve(name));
      long frequent = twin.uses.values().stream().filter(count -> count >= 10).count();
      assertThat(figures.path("rareTokens").longValue()).isEqualTo(possible - frequent);
      double worst = Double.MAX_VALUE;
      for (JsonNode group : figures.path("groups")) {
        long[] sums = twin.groups.get(group.path("group").asText());
        assertThat(group.path("tokens").longValue()).isEqualTo(sums[1]);
        assertClose(group.path("bytesPerToken"), (double) sums[0] / sums[1], name);
        assertClose(group.path("fertility"), (double) sums[1] / sums[2], name);
        worst = Math.min(worst, (double) sums[0] / sums[1]);
      }
      assertClose(figures.path("worstBytesPerToken"), worst, name);
      assertThat(figures.path("groups")).hasSameSizeAs(twin.groups.keySet());
      assertThat(study.path("texts").path("bytes").longValue()).isEqualTo(twin.bytes);
      assertThat(study.path("texts").path("words").longValue()).isEqualTo(twin.words);
      assertThat(figures.path("bitsPerByte").doubleValue()).isBetween(0.1, 8.0);
    }
  }

  /** Tokens that no special token is. */
  private static int tokensOfText(Path vocabulary) throws IOException {
    JsonNode json =
        new JsonMapper().readTree(vocabulary.resolve("tokenizer/tokenizer.json").toFile());
    List<String> all = new ArrayList<>();
    json.path("model").path("vocab").fieldNames().forEachRemaining(all::add);
    json.path("added_tokens")
        .forEach(
            token -> {
              all.remove(token.path("content").asText());
              if (!token.path("special").booleanValue()) {
                all.add(token.path("content").asText());
              }
            });
    return all.size();
  }

  @Test
  void namesThoseThatNoOtherIsBetterThan() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    figures(out).path("vocabularies").forEach(rows::add);
    int best = 0;
    for (JsonNode one : rows) {
      boolean beaten = false;
      for (JsonNode other : rows) {
        int cost = rows(other) - rows(one);
        double gain = worst(other) - worst(one);
        beaten |= cost <= 0 && gain >= 0 && (cost < 0 || gain > 0);
      }
      assertThat(one.path("best").booleanValue()).as(one.path("name").asText()).isEqualTo(!beaten);
      best += beaten ? 0 : 1;
    }
    assertThat(best).isBetween(1, rows.size() - 1);
  }

  private static int rows(JsonNode row) {
    return row.path("figures").path("rows").intValue();
  }

  private static double worst(JsonNode row) {
    return row.path("figures").path("worstBytesPerToken").doubleValue();
  }

  private static CommandLineRun study(Path to, String section) {
    return CommandLineRun.of(
        "study", job.toString(), "--set", "study=" + section, "--set", "output=" + to);
  }

  /** All but the measurement of speed, which the page has. */
  private static SortedMap<String, String> sums(Path study) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    for (Map.Entry<String, String> file : OutputTree.sums(study).entrySet()) {
      if (!file.getKey().contains("/run/") && !file.getKey().equals("study.html")) {
        sums.put(file.getKey(), file.getValue());
      }
    }
    return sums;
  }

  @Test
  void aStudyOfTheSameJobDoesNothing() throws IOException {
    SortedMap<String, FileTime> before = OutputTree.times(out, "");
    CommandLineRun again = CommandLineRun.of("study", job.toString()).succeeded();
    assertThat(again.out()).startsWith("Nothing to do: ").contains("qwen2-parity-420");
    SortedMap<String, FileTime> after = OutputTree.times(out, "");
    before.keySet().removeIf(path -> path.startsWith("run/lock"));
    after.keySet().removeIf(path -> path.startsWith("run/lock"));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void aStudyThatIsStoppedAtAnyStepGoesOnAndEndsAsOneThatIsNot() throws IOException {
    String section = "{vocabSize: [300, 360], pattern: [qwen2, gpt2]}";
    Path whole = folder.resolve("whole");
    study(whole, section).succeeded();
    Path stopped = folder.resolve("stopped");
    List<String> steps = new ArrayList<>();
    boolean finished = false;
    while (!finished) {
      List<String> told = new ArrayList<>();
      try {
        execute(
            stopped,
            section,
            step -> {
              told.add(step);
              if (told.size() == 3) {
                throw new IllegalStateException("stopped before: " + step);
              }
            });
        finished = true;
        steps.addAll(told);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("stopped before: ");
        steps.addAll(told.subList(0, 2));
      }
    }
    assertThat(steps).doesNotHaveDuplicates().contains("learning qwen2-360", "learning gpt2-360");
    assertThat(sums(stopped)).isEqualTo(sums(whole));
  }

  private static void execute(Path to, String section, Consumer<String> progress)
      throws IOException {
    StudyRun.prepare(JobReader.study(job, List.of("study=" + section, "output=" + to)), List.of())
        .execute("merganser study", progress, warning -> {});
  }

  @Test
  void whatIsNewIsLearnedFromTheCountsAndTheTextIsNotReadAgain() throws IOException {
    Path corpus = folder.resolve("changing.jsonl");
    Files.copy(folder.resolve("corpus.jsonl"), corpus);
    FileTime time = Files.getLastModifiedTime(corpus);
    Path to = folder.resolve("growing");
    String inputs = "corpus.inputs=['" + corpus + "']";
    String[] first = command(to, "{vocabSize: [300, 420], pattern: [qwen2, gpt2]}", inputs);
    CommandLineRun.of(first).succeeded();
    SortedMap<String, FileTime> before = OutputTree.times(to, "qwen2-");
    byte[] text = Files.readAllBytes(corpus);
    Arrays.fill(
        text, (byte) ' '); // the same size and, below, time: nobody notices who does not read
    Files.write(corpus, text);
    Files.setLastModifiedTime(corpus, time);
    String more = "{vocabSize: [300, 360, 420], pattern: [qwen2, gpt2]}";
    CommandLineRun grown = CommandLineRun.of(command(to, more, inputs)).succeeded();
    assertThat(grown.out()).doesNotContain("reading", "learning").contains("measuring qwen2-360");
    for (String name : List.of("qwen2-300", "qwen2-360", "qwen2-420", "gpt2-360")) {
      assertThat(to.resolve(name).resolve("tokenizer/tokenizer.json"))
          .as(name)
          .hasSameBinaryContentAs(out.resolve(name).resolve("tokenizer/tokenizer.json"));
    }
    SortedMap<String, FileTime> after = OutputTree.times(to, "qwen2-");
    before.keySet().removeIf(path -> path.endsWith("merganser.json"));
    assertThat(after).containsAllEntriesOf(before);
    CommandLineRun larger =
        CommandLineRun.of(command(to, more.replace("420", "440"), inputs)).succeeded();
    assertThat(larger.out()).doesNotContain("reading").contains("learning qwen2-440");
  }

  private static String[] command(Path to, String section, String... settings) {
    List<String> command =
        new ArrayList<>(
            List.of("study", job.toString(), "--set", "study=" + section, "--set", "output=" + to));
    for (String setting : settings) {
      command.add("--set");
      command.add(setting);
    }
    return command.toArray(String[]::new);
  }

  @Test
  void aSmallerVocabularyIsNotLearned() throws IOException {
    CommandLineRun ran =
        study(folder.resolve("prefixes"), "{vocabSize: [300, 360, 420], pattern: [qwen2]}")
            .succeeded();
    assertThat(ran.out().lines().filter(line -> line.startsWith("learning")))
        .containsExactly("learning qwen2-420");
  }

  @Test
  void eachVocabularyIsATokenizerForOtherCommands() {
    CommandLineRun.of("tokenize", out.resolve("gpt2-300").toString(), "some text").succeeded();
    CommandLineRun.of(
            "encode",
            "--tokenizer",
            out.resolve("qwen2-superwords-360").toString(),
            "--input",
            folder.resolve("corpus.jsonl").toString(),
            "--output",
            folder.resolve("encoded").toString())
        .succeeded();
    assertThat(folder.resolve("encoded/manifest.json")).exists();
  }

  @Test
  void aCorpusWhoseShareForValidationIsNothingIsRefused() {
    CommandLineRun ran =
        CommandLineRun.of(
            command(
                folder.resolve("nothing"),
                "{vocabSize: [300], pattern: [qwen2]}",
                "corpus.validation=0.0000001"));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("corpus.validation: a share of 1.0E-7 keeps no text of this corpus");
  }

  @Test
  void theFolderOfARunIsRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("of-a-run"));
    Files.createDirectories(run.resolve("run"));
    Files.writeString(run.resolve("run/merganser.json"), "{}");
    Files.writeString(run.resolve("manifest.json"), "{}");
    CommandLineRun ran = study(run, "{vocabSize: [300], pattern: [qwen2]}");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("of-a-run holds the result of a run (manifest.json)");
  }

  @Test
  void aPatternThatIsNoneIsRefusedBeforeTextIsRead() {
    CommandLineRun ran =
        study(folder.resolve("unknown"), "{vocabSize: [300], pattern: [qwen2, '(']}");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("pattern: \"(\" is neither gpt2");
    assertThat(folder.resolve("unknown")).doesNotExist();
  }

  @Test
  void printsTheFiguresAsJson() throws IOException {
    CommandLineRun ran = CommandLineRun.of("study", job.toString(), "--json").succeeded();
    JsonNode json = new JsonMapper().readTree(ran.out());
    assertThat(json.path("upToDate").booleanValue()).isTrue();
    assertThat(json.path("vocabularies")).isEqualTo(figures(out).path("vocabularies"));
    assertThat(json.path("megabytesPerSecond").path("qwen2-300").doubleValue()).isPositive();
  }

  @Test
  void thePageIsOneFileThatShowsEachVocabulary() throws IOException {
    String page = Files.readString(out.resolve("study.html"));
    Map<String, String> wanted = new LinkedHashMap<>();
    names(figures(out)).forEach(name -> wanted.put(name, ">" + name + "<"));
    assertThat(page).contains(wanted.values()).doesNotContain("http:", "https:", "<script");
  }
}
