package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.parity.ParitySettings;
import org.merganser.bpe.parity.ParityTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.report.statistics.TrainingParity;
import org.merganser.tokenizer.TrainingPretokenizer;

/** What {@code tokenizer.train.parity} does, against the core without a pipeline. */
@Tag("run")
final class ParityRunTest {
  @TempDir static Path folder;
  private static Path corpus;
  private static Path development;
  private static final SortedMap<String, List<String>> TEXTS = new TreeMap<>();
  private static final SortedMap<String, List<String>> DEVELOPMENT = new TreeMap<>();

  @BeforeAll
  static void writeCorpus() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      add(
          lines,
          TEXTS,
          i,
          "en",
          "The %d waters were rising in the east of the land".formatted(i % 37));
      if (i % 3 == 0) {
        add(lines, TEXTS, i, "de", "Die Wasser stiegen im Osten, %d the Sonne".formatted(i % 11));
      }
      if (i % 10 == 0) {
        add(lines, TEXTS, i, "th", "ดวงอาทิตย์ขึ้นทางทิศตะวันออก %d".formatted(i));
      }
    }
    corpus = folder.resolve("corpus.jsonl");
    Files.write(corpus, lines);
    lines.clear();
    add(lines, DEVELOPMENT, 0, "en", "The sun rises in the east.");
    add(lines, DEVELOPMENT, 0, "de", "Die Sonne geht im Osten auf.");
    add(lines, DEVELOPMENT, 0, "th", "ดวงอาทิตย์ขึ้นทางทิศตะวันออก");
    development = folder.resolve("development.jsonl");
    Files.write(development, lines);
  }

  private static void add(
      List<String> lines, SortedMap<String, List<String>> texts, int i, String group, String text) {
    lines.add(Json.line(Map.of("id", group + i, "text", text, "lang", group)));
    texts.computeIfAbsent(group, g -> new ArrayList<>()).add(text);
  }

  private static String[] settings(String parity, String... more) {
    return GroupedRuns.settings(corpus, List.of("tokenizer.train.parity=" + parity), more);
  }

  private static byte[] trained(String name, String parity, String... more) throws IOException {
    return GroupedRuns.trained(folder.resolve(name), settings(parity, more));
  }

  private static String failure(String name, String parity, String... more) {
    return GroupedRuns.failure(folder.resolve(name), settings(parity, more));
  }

  private static ParityTrainer.GroupedSource counted(
      SortedMap<String, List<String>> texts, TrainingSettings training) {
    TrainingPretokenizer pretokenizer =
        new TrainingPretokenizer(
            training.normalizer(), training.preTokenizer(), training.addedTokens());
    SortedMap<String, byte[]> blocks = new TreeMap<>();
    texts.forEach(
        (group, all) -> {
          PretokenCounts table = new PretokenCounts();
          for (String text : all) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            pretokenizer.split(bytes, 0, bytes.length, table::addAll);
          }
          blocks.put(group, table.pack(1)[0]);
        });
    byte[] block = GroupedCounts.pack(blocks);
    return visitor -> GroupedCounts.forEach(block, List.copyOf(texts.keySet()), visitor);
  }

  private static byte[] plainly(
      ParitySettings parity,
      SortedMap<String, List<String>> texts,
      @Nullable SortedMap<String, List<String>> development) {
    TrainingSettings training = GroupedRuns.training(settings("{}"));
    return GroupedRuns.tokenizerJson(
        new ParityTrainer(training.trainer(), parity, MergeLearner.Keep.DEFAULT)
            .train(
                counted(texts, training),
                development == null ? null : counted(development, training),
                TrainingBound.NONE,
                learned -> {})
            .trained(),
        training);
  }

  @Test
  void learnsWhatTheCoreLearns() throws IOException {
    double[] equal = {1, 1, 1};
    byte[] learned = trained("equal", "{}");
    assertThat(learned).isEqualTo(plainly(new ParitySettings(3, equal, 0, 0, 2), TEXTS, null));
    assertThat(learned).isNotEqualTo(trained("plain", "null"));
    assertThat(trained("window", "{window: 10, alpha: 1.5, globalMerges: 20}"))
        .isEqualTo(plainly(new ParitySettings(3, equal, 20, 10, 1.5), TEXTS, null))
        .isNotEqualTo(learned);
  }

  @Test
  void ratiosNameTheGroupsThatAreLearnedFrom() throws IOException {
    SortedMap<String, List<String>> two = new TreeMap<>(TEXTS);
    two.remove("en");
    assertThat(trained("ratios", "{ratios: {th: 2.5, de: 1}}"))
        .isEqualTo(plainly(new ParitySettings(2, new double[] {1, 2.5}, 0, 0, 2), two, null));
  }

  @Test
  void aDevelopmentTextDecides() throws IOException {
    Path out = folder.resolve("development");
    byte[] learned = trained("development", "{dev: ['" + development + "']}");
    assertThat(learned)
        .isEqualTo(plainly(new ParitySettings(3, null, 0, 0, 2), TEXTS, DEVELOPMENT));
    // Another development text is another vocabulary; the corpus is not counted again.
    Path other = folder.resolve("other.jsonl");
    Files.write(other, Files.readAllLines(development));
    String job = "{dev: ['" + other + "']}";
    Jobs.sample(out, settings(job, "--replace")).succeeded();
    assertThat(Jobs.sample(out, settings(job)).succeeded().out()).contains("Nothing to do");
    Files.writeString(
        other,
        Json.line(Map.of("id", "more", "text", "Wasser ".repeat(50), "lang", "de")) + "\n",
        java.nio.file.StandardOpenOption.APPEND);
    assertThat(Jobs.sample(out, settings(job)).succeeded().out()).doesNotContain("Nothing to do");
    assertThat(Files.readAllBytes(out.resolve("tokenizer.json"))).isNotEqualTo(learned);
  }

  /** Texts without fields: each input says which group it is. */
  @Test
  void inputsMayNameTheGroups() throws IOException {
    SortedMap<String, List<String>> two = new TreeMap<>(TEXTS);
    two.remove("en");
    StringBuilder inputs = new StringBuilder();
    StringBuilder dev = new StringBuilder();
    for (String group : two.keySet()) {
      Path texts = folder.resolve(group + ".txt");
      Files.write(texts, two.get(group));
      inputs.append("{path: '%s', group: %s}, ".formatted(texts, group));
      Path measured = folder.resolve(group + ".dev.txt");
      Files.write(measured, DEVELOPMENT.get(group));
      dev.append("{path: '%s', group: %s}, ".formatted(measured, group));
    }
    SortedMap<String, List<String>> measured = new TreeMap<>(DEVELOPMENT);
    measured.remove("en");
    assertThat(
            trained(
                "inputs",
                "{dev: [" + dev + "]}",
                "corpus={inputs: [" + inputs + "], format: lines}",
                "shards={formats: []}"))
        .isEqualTo(plainly(new ParitySettings(2, null, 0, 0, 2), two, measured));
  }

  @Test
  void whatEachGroupGotLiesBesideTheTokenizer() throws IOException {
    trained("account", "{window: 10, globalMerges: 7}");
    Path out = folder.resolve("account");
    TrainingParity account =
        Json.MAPPER.readValue(
            Files.readAllBytes(out.resolve(TrainingParity.FILE)), TrainingParity.class);
    assertThat(account.rows())
        .extracting(TrainingParity.Row::group)
        .containsExactly("de", "en", "th");
    assertThat(account.globalMerges()).isEqualTo(7);
    long merges = account.rows().stream().mapToLong(TrainingParity.Row::merges).sum();
    assertThat(merges).isPositive();
    assertThat(account.rows()).allSatisfy(row -> assertThat(row.tokens()).isLessThan(row.bytes()));
    assertThat(Files.readString(out.resolve("outputs.jsonl"))).contains(TrainingParity.FILE);
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void theReportShowsWhatEachGroupGot() throws IOException {
    Path out = folder.resolve("report");
    Jobs.sample(out, settings("{}", "shards={groupBy: lang}")).succeeded();
    assertThat(Files.readString(out.resolve("report.html"))).contains("\"globalMerges\":0");
  }

  @Test
  void groupsThatDoNotFitAreNamed() throws IOException {
    assertThat(failure("unknown", "{ratios: {th: 1, dee: 1}}"))
        .contains(
            "tokenizer.train.parity.ratios: \"dee\" is no group of the text that is learned from,"
                + " did you mean \"de\"?; its groups are de, en, th");
    Path some = folder.resolve("some.jsonl");
    Files.write(some, Files.readAllLines(development).subList(0, 2));
    assertThat(failure("missing", "{dev: ['" + some + "']}"))
        .contains(
            "tokenizer.train.parity.dev: has text of the groups [de, en], and those that are"
                + " learned from are [de, en, th]");
    List<String> lines = new ArrayList<>(Files.readAllLines(development));
    lines.add("{\"id\": \"x\", \"text\": \"Le soleil\", \"lang\": \"fr\"}");
    Files.write(some, lines);
    assertThat(failure("more", "{dev: ['" + some + "']}"))
        .contains("tokenizer.train.parity.dev: has text of the groups [de, en, fr, th], and");
    lines.add("no JSON");
    Files.write(some, lines);
    assertThat(failure("dead", "{dev: ['" + some + "']}"))
        .contains("tokenizer.train.parity.dev: some.jsonl at ");
    assertThat(failure("nowhere", "{dev: ['" + folder.resolve("nowhere") + "']}"))
        .contains("nowhere");
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    assertThat(failure("no-group", "{}", "shards.groupBy=null"))
        .contains("shards.groupBy: is required with tokenizer.train.parity");
    assertThat(failure("both", "{ratios: {en: 1}, dev: [a]}"))
        .contains(
            "tokenizer.train.parity.ratios: cannot be combined with tokenizer.train.parity.dev");
    assertThat(failure("mix", "{}", "tokenizer.train.mix={en: 1}"))
        .contains("tokenizer.train.mix: cannot be combined with tokenizer.train.parity");
    assertThat(failure("limit", "{}", "tokenizer.train.limitAlphabet=100"))
        .contains("tokenizer.train.limitAlphabet: cannot be combined with tokenizer.train.parity");
    assertThat(failure("zero", "{ratios: {en: 0}}"))
        .contains("tokenizer.train.parity.ratios.en: 0 must be a number of at least 1.0E-6");
  }
}
