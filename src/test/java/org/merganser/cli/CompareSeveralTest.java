package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.json.Json;
import org.merganser.text.HfLibrary;

/** {@code compare} of several tokenizers: a tokenizer.json, a folder with one, outputs of runs. */
@Tag("run")
final class CompareSeveralTest {
  private static final String HOSTILE = "<script>alert(\"1\")</script>";
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}]|((?![\\p{IsHan}\\p{IsHiragana}])[\\p{L}\\p{M}\\p{N}])+");

  private record Text(String group, String text) {}

  @TempDir static Path folder;
  private static final List<Text> TEXTS = new ArrayList<>();
  private static final List<Path> TOKENIZERS = new ArrayList<>();
  private static Path corpus;
  private static JsonNode result;

  @BeforeAll
  static void compareFour() throws IOException {
    Random random = new Random(5);
    String[] english = "the waters were rising in the east of the land and the sea".split(" ", -1);
    String[] german = "die Wasser stiegen im Osten des Landes über Häuser".split(" ", -1);
    String[] japanese = {"東の", "国では", "水が", "上がって", "いました。"};
    for (int i = 0; i < 300; i++) {
      TEXTS.add(new Text("en", words(english, 12, " ", random) + ". " + i));
      TEXTS.add(new Text(i % 2 == 0 ? "de" : "(none)", words(german, 20, " ", random) + "!"));
      TEXTS.add(new Text("ja", words(japanese, 8, "", random)));
    }
    Path learned = write("learned.jsonl", TEXTS);
    TEXTS.add(new Text(HOSTILE, "ΰ".repeat(4_999) + "~")); // 9,999 bytes, a token each
    corpus = write("corpus.jsonl", TEXTS);
    for (String setting : List.of("gpt2-420-0", "gpt2-300-0", "qwen2-300-9", "qwen2-360-0")) {
      String[] parts = setting.split("-", -1);
      Path out = folder.resolve(setting + "-<b>");
      String[] command =
          CommandLineRun.words(
              "train --input %s --pattern %s --vocab-size %s --reserved %s --special-token <|end|>"
                  + " --added-token %s --pad-to 8 --output %s",
              learned, parts[0], parts[1], parts[2], "the east", out);
      CommandLineRun.of(command).succeeded();
      TOKENIZERS.add(out);
    }
    Path alone = Files.createDirectories(folder.resolve("alone"));
    Files.copy(TOKENIZERS.get(2).resolve("tokenizer.json"), alone.resolve("tokenizer.json"));
    TOKENIZERS.set(2, alone);
    TOKENIZERS.set(3, TOKENIZERS.get(3).resolve("tokenizer.json"));
    result = new JsonMapper().readTree(compare("--dim", "64", "--json").out());
  }

  private static String words(String[] words, int count, String between, Random random) {
    return String.join(
        between, Stream.generate(() -> words[random.nextInt(words.length)]).limit(count).toList());
  }

  private static Path write(String name, List<Text> texts) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Text text : texts) {
      Map<String, String> record = new TreeMap<>(Map.of("text", text.text));
      if (!text.group.equals("(none)")) {
        record.put("lang", text.group);
      }
      lines.add(Json.line(record));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private static CommandLineRun compare(String... more) {
    return compare(corpus, more);
  }

  private static CommandLineRun compare(Path input, String... more) {
    List<String> command = new ArrayList<>(List.of("compare"));
    TOKENIZERS.forEach(path -> command.add(path.toString()));
    command.addAll(List.of("--input", input.toString(), "--group-by", "lang"));
    command.addAll(List.of(more));
    return CommandLineRun.of(command.toArray(String[]::new)).succeeded();
  }

  private static Path json(int place) {
    Path path = TOKENIZERS.get(place);
    return Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
  }

  /** What HF's library makes of the texts, summed up plainly. */
  private static final class Twin {
    final Map<Integer, Long> uses = new TreeMap<>();
    final Map<String, long[]> groups = new TreeMap<>();
    long bytes;
    long tokens;
    long words;

    Twin(Path tokenizer) throws IOException {
      try (HfLibrary hf = HfLibrary.open(Files.readAllBytes(tokenizer))) {
        for (Text text : TEXTS) {
          int[] ids = hf.encode(text.text, false).ids();
          Arrays.stream(ids).forEach(id -> uses.merge(id, 1L, Long::sum));
          long[] sums = groups.computeIfAbsent(text.group, group -> new long[3]);
          long length = text.text.getBytes(UTF_8).length;
          long count = WORD.matcher(text.text).results().count();
          sums[0] += length;
          sums[1] += ids.length;
          sums[2] += count;
          bytes += length;
          tokens += ids.length;
          words += count;
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
    assertThat(result.path("vocabularies")).hasSize(4);
    for (int i = 0; i < 4; i++) {
      JsonNode row = result.path("vocabularies").get(i);
      String name = row.path("name").asText();
      assertThat(name).isEqualTo(json(i).toString());
      Twin twin = new Twin(json(i));
      JsonNode figures = row.path("figures");
      int rows = figures.path("rows").intValue();
      assertThat(rows % 8).isZero();
      assertThat(row.path("embeddingParameters").longValue()).isEqualTo(64L * rows);
      assertThat(figures.path("tokens").longValue()).as(name).isEqualTo(twin.tokens);
      assertClose(figures.path("bytesPerToken"), (double) twin.bytes / twin.tokens, name);
      assertClose(figures.path("fertility"), (double) twin.tokens / twin.words, name);
      assertClose(figures.path("gini"), twin.gini(), name);
      assertClose(
          figures.path("renyiEfficiency"), twin.renyi(figures.path("vocabulary").intValue()), name);
      int possible = tokensOfText(json(i));
      long frequent = twin.uses.values().stream().filter(count -> count >= 10).count();
      assertThat(figures.path("rareTokens").longValue()).isEqualTo(possible - frequent);
      assertClose(figures.path("rareShare"), (double) (possible - frequent) / possible, name);
      String worstGroup = "";
      double worst = Double.MAX_VALUE;
      for (JsonNode group : figures.path("groups")) {
        long[] sums = twin.groups.get(group.path("group").asText());
        double bytesPerToken = (double) sums[0] / sums[1];
        assertThat(group.path("tokens").longValue()).isEqualTo(sums[1]);
        assertClose(group.path("bytesPerToken"), bytesPerToken, name);
        assertClose(group.path("fertility"), (double) sums[1] / sums[2], name);
        if (sums[0] >= 10_000 && bytesPerToken < worst) {
          worst = bytesPerToken;
          worstGroup = group.path("group").asText();
        }
      }
      assertThat(figures.path("worstGroup").asText()).as(name).isEqualTo(worstGroup);
      assertClose(figures.path("worstBytesPerToken"), worst, name);
      assertThat(figures.path("groups")).hasSameSizeAs(twin.groups.keySet());
      JsonNode texts = result.path("texts");
      assertThat(texts.path("documents").longValue()).isEqualTo(TEXTS.size());
      assertThat(texts.path("bytes").longValue()).isEqualTo(twin.bytes);
      assertThat(texts.path("words").longValue()).isEqualTo(twin.words);
      for (JsonNode group : texts.path("groups")) {
        long[] sums = twin.groups.get(group.path("group").asText());
        assertThat(group.path("bytes").longValue()).isEqualTo(sums[0]);
        assertThat(group.path("words").longValue()).isEqualTo(sums[2]);
      }
    }
  }

  /** Tokens that no special token is. */
  private static int tokensOfText(Path tokenizer) throws IOException {
    JsonNode json = new JsonMapper().readTree(tokenizer.toFile());
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
  void aGroupOfLessThanTenKilobytesIsNotCalledTheWorst() throws IOException {
    for (JsonNode row : result.path("vocabularies")) {
      assertThat(row.path("figures").path("worstGroup").asText()).isNotEqualTo(HOSTILE);
    }
    List<Text> oneByteMore = new ArrayList<>(TEXTS);
    oneByteMore.set(TEXTS.size() - 1, new Text(HOSTILE, "ΰ".repeat(4_999) + "~~"));
    Path larger = write("larger.jsonl", oneByteMore);
    JsonNode json = new JsonMapper().readTree(compare(larger, "--json").out());
    for (JsonNode row : json.path("vocabularies")) {
      assertThat(row.path("figures").path("worstGroup").asText()).isEqualTo(HOSTILE);
    }
  }

  @Test
  void withoutAGroupOfTenKilobytesTheWorstIsThatOfAllTexts() throws IOException {
    Path small = write("small.jsonl", TEXTS.subList(0, 9));
    JsonNode json = new JsonMapper().readTree(compare(small, "--json").out());
    for (JsonNode row : json.path("vocabularies")) {
      JsonNode figures = row.path("figures");
      assertThat(figures.path("worstGroup").isNull()).isTrue();
      assertThat(figures.path("worstBytesPerToken")).isEqualTo(figures.path("bytesPerToken"));
      assertThat(row.path("embeddingParameters").isNull()).isTrue();
    }
  }

  @Test
  void namesThoseThatNoOtherIsBetterThan() {
    List<JsonNode> rows = new ArrayList<>();
    result.path("vocabularies").forEach(rows::add);
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

  @Test
  void printsARowForEachAndTheGroups() {
    String out = compare("--dim", "64").out();
    assertThat(out).contains("A  " + json(0) + "\n", "D  " + json(3) + "\n", "parameters");
    for (JsonNode row : result.path("vocabularies")) {
      assertThat(out).containsPattern(String.format("%,9d +%,9d +", rows(row), tokens(row)));
      assertThat(out).contains(String.format(" %,d ", row.path("embeddingParameters").longValue()));
    }
    assertThat(out)
        .containsPattern("(?m)^ja( +\\d+\\.\\d{3}){4}$")
        .contains(
            "not in the column worst, since they have less than 10,000 bytes, so that a few texts"
                + " would decide: "
                + HOSTILE);
    assertThat(result.path("differences")).hasSize(3);
  }

  private static long tokens(JsonNode row) {
    return row.path("figures").path("tokens").longValue();
  }

  @Test
  void aTextThatOneOfThemCannotEncodeIsInNoFigure() throws IOException {
    Path characters = folder.resolve("characters.json");
    Files.writeString(
        characters,
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
         "model": {"type": "BPE", "dropout": null, "unk_token": null,
           "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
           "byte_fallback": false, "ignore_merges": false,
           "vocab": {"a": 0, "b": 1}, "merges": []}}
        """);
    Path texts = folder.resolve("ab.txt");
    Files.writeString(texts, "ab\nabc\nba\n");
    String[] command =
        CommandLineRun.words(
            "compare %s %s %s --input %s --format lines --json",
            json(0), characters, json(1), texts);
    JsonNode json = new JsonMapper().readTree(CommandLineRun.of(command).succeeded().out());
    assertThat(json.path("leftOut").longValue()).isEqualTo(1);
    assertThat(json.path("texts").path("documents").longValue()).isEqualTo(2);
    assertThat(json.path("texts").path("bytes").longValue()).isEqualTo(4);
    for (JsonNode row : json.path("vocabularies")) {
      assertThat(tokens(row)).isEqualTo(4);
    }
    assertThat(json.path("vocabularies").get(0).path("figures").path("gini").isNull()).isTrue();
  }

  @Test
  void thePageIsOneFileWhateverNamesHold() throws IOException {
    Path html = folder.resolve("compared.html");
    compare("--html", html.toString());
    String page = Files.readString(html);
    assertThat(page)
        .contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .contains(
            "\\u003cscript\\u003ealert(\\\"1\\\")\\u003c/script\\u003e",
            "gpt2-420-0-\\u003cb\\u003e")
        .doesNotContain("http:", "src=\"", "<script>alert", "-<b>");
    for (JsonNode row : result.path("vocabularies")) {
      assertThat(page).contains(row.path("sha256").asText());
    }
  }

  @Test
  void oneTokenizerIsTooFew() {
    String one = json(0).toString();
    CommandLineRun run = CommandLineRun.of("compare", one, "--input", corpus.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("merganser: a tokenizer is missing: compare takes two or more");
  }
}
