package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.report.statistics.TrainingGroups;
import org.merganser.tokenizer.TrainingPretokenizer;

/** What {@code tokenizer.train.mix} does, against a twin that counts each group alone. */
@Tag("run")
final class MixRunTest {
  @TempDir static Path folder;
  private static Path corpus;

  /** Texts by group; some words occur in several. */
  private static final Map<String, List<String>> TEXTS = new TreeMap<>();

  @BeforeAll
  static void writeCorpus() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      add(lines, i, "en", "The %d waters were rising in the east of the land ".formatted(i % 37));
      if (i % 3 == 0) {
        add(lines, i, "de", "Die Wasser stiegen im Osten, %d the Sonne ".formatted(i % 11));
      }
      if (i % 40 == 0) {
        add(lines, i, "code", "for (int i = %d; i < n; i++) { sum += water[i]; }\n".formatted(i));
      }
      if (i % 100 == 7) {
        add(lines, i, null, "no group at all, water " + i);
      }
    }
    corpus = folder.resolve("corpus.jsonl");
    Files.write(corpus, lines);
  }

  private static void add(List<String> lines, int i, String group, String text) throws IOException {
    lines.add(
        Json.line(
            group == null
                ? Map.of("id", "none" + i, "text", text)
                : Map.of("id", group + i, "text", text, "lang", group)));
    TEXTS.computeIfAbsent(group == null ? "(none)" : group, g -> new ArrayList<>()).add(text);
  }

  private static String[] settings(String mix, String... more) {
    return GroupedRuns.settings(
        corpus, mix == null ? List.of() : List.of("tokenizer.train.mix=" + mix), more);
  }

  private static byte[] trained(String name, String mix, String... more) throws IOException {
    return GroupedRuns.trained(folder.resolve(name), settings(mix, more));
  }

  private static String failure(String name, String mix, String... more) {
    return GroupedRuns.failure(folder.resolve(name), settings(mix, more));
  }

  /** Pretokens of a group, counted alone. */
  private static Map<String, Long> counted(String group, TrainingSettings training) {
    TrainingPretokenizer pretokenizer =
        new TrainingPretokenizer(
            training.normalizer(), training.preTokenizer(), training.addedTokens());
    Map<String, Long> counts = new TreeMap<>();
    for (String text : TEXTS.get(group)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      pretokenizer.split(
          bytes,
          0,
          bytes.length,
          (from, start, ends, n) -> {
            int at = start;
            for (int i = 0; i < n; i++) {
              String pretoken = new String(from, at, ends[i] - at, StandardCharsets.UTF_8);
              counts.merge(pretoken, 1L, Long::sum);
              at = ends[i];
            }
          });
    }
    return counts;
  }

  private static long bytes(Map<String, Long> counts) {
    long bytes = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      bytes += entry.getValue() * entry.getKey().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  /**
   * The slow twin: each group is counted alone, its counts are multiplied by its rate over the
   * least rate, all are added, and what comes out is rounded.
   *
   * @param weights by group
   */
  private static byte[] plainly(Map<String, String> weights, String... more) {
    TrainingSettings training = GroupedRuns.training(settings(null, more));
    MathContext precise = new MathContext(60);
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<String, String> entry : weights.entrySet()) {
      counts.put(entry.getKey(), counted(entry.getKey(), training));
      all = all.add(BigDecimal.valueOf(bytes(counts.get(entry.getKey()))));
      sum = sum.add(new BigDecimal(entry.getValue()));
    }
    Map<String, BigDecimal> rates = new TreeMap<>();
    BigDecimal least = null;
    for (Map.Entry<String, String> entry : weights.entrySet()) {
      BigDecimal own = BigDecimal.valueOf(bytes(counts.get(entry.getKey())));
      BigDecimal weight = new BigDecimal(entry.getValue());
      BigDecimal rate = weight.multiply(all).divide(sum.multiply(own), precise);
      rates.put(entry.getKey(), rate);
      least = least == null ? rate : least.min(rate);
    }
    Map<String, BigDecimal> mixed = new TreeMap<>();
    for (Map.Entry<String, Map<String, Long>> group : counts.entrySet()) {
      BigDecimal factor = rates.get(group.getKey()).divide(least, precise);
      group
          .getValue()
          .forEach(
              (pretoken, count) ->
                  mixed.merge(
                      pretoken, factor.multiply(BigDecimal.valueOf(count)), BigDecimal::add));
    }
    PretokenCounts table = new PretokenCounts();
    mixed.forEach(
        (pretoken, count) -> {
          byte[] bytes = pretoken.getBytes(StandardCharsets.UTF_8);
          table.add(
              bytes, 0, bytes.length, count.setScale(0, RoundingMode.HALF_UP).longValueExact());
        });
    long minFrequency =
        BigDecimal.valueOf(2)
            .divide(least, precise)
            .round(new MathContext(40))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact();
    TrainedBpe trained =
        new BpeTrainer(training.trainer().withMinFrequency(minFrequency))
            .train(table::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    return GroupedRuns.tokenizerJson(trained, training);
  }

  @Test
  void weightsGiveTheVocabularyOfTheTwin() throws IOException {
    byte[] mixed = trained("weights", "{en: 0.2, de: 0.3, code: 0.5}");
    assertThat(mixed).isEqualTo(plainly(Map.of("en", "0.2", "de", "0.3", "code", "0.5")));
    assertThat(mixed).isNotEqualTo(trained("plain", null));
    byte[] only = trained("only", "{de: 7, (none): 1}");
    assertThat(only).isEqualTo(plainly(Map.of("de", "7", "(none)", "1")));
  }

  /** The groups have their bytes as weights: so each counts as it is. */
  @Test
  void theSharesThatTheTextHasGiveTheVocabularyWithoutAMix() throws IOException {
    TrainingSettings training = GroupedRuns.training(settings(null));
    StringBuilder mix = new StringBuilder();
    for (String group : TEXTS.keySet()) {
      mix.append(mix.isEmpty() ? "{" : ", ").append(group).append(": ");
      mix.append(bytes(counted(group, training)));
    }
    assertThat(trained("shares", mix + "}")).isEqualTo(trained("plain-shares", null));
  }

  @Test
  void anotherMixIsLearnedFromTheSameCounts() throws IOException {
    Path out = folder.resolve("again");
    Jobs.sample(out, settings("{en: 1, de: 1}")).succeeded();
    Map<String, FileTime> counts = unitCounts(out);
    assertThat(counts).hasSize(1);
    Jobs.sample(out, settings("{en: 1, de: 3}", "--replace")).succeeded();
    assertThat(unitCounts(out)).isEqualTo(counts);
    assertThat(Files.readAllBytes(out.resolve("tokenizer.json")))
        .isEqualTo(plainly(Map.of("en", "1", "de", "3")));
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    assertThat(Jobs.sample(out, settings("{en: 1, de: 3}")).succeeded().out())
        .contains("Nothing to do");
  }

  private static Map<String, FileTime> unitCounts(Path out) throws IOException {
    Map<String, FileTime> times = new TreeMap<>(OutputTree.times(out.resolve("run/counts"), ""));
    times.keySet().removeIf(path -> !path.contains("/unit-"));
    return times;
  }

  @Test
  void theSharesBeforeAndAfterLieBesideTheTokenizer() throws IOException {
    trained("account", "{en: 0.25, code: 0.75}");
    Path out = folder.resolve("account");
    TrainingGroups account =
        Json.MAPPER.readValue(
            Files.readAllBytes(out.resolve(TrainingGroups.FILE)), TrainingGroups.class);
    assertThat(account.rows())
        .extracting(TrainingGroups.Row::group)
        .containsExactly("(none)", "code", "de", "en");
    assertThat(account.rows())
        .extracting(row -> row.mixedShare().toPlainString())
        .containsExactly("0.000000", "0.750000", "0.000000", "0.250000");
    assertThat(account.rows())
        .extracting(TrainingGroups.Row::wanted)
        .containsExactly("0", "0.75", "0", "0.25");
    TrainingGroups.Row en = account.rows().get(3);
    assertThat(en.factor()).isEqualByComparingTo("1");
    long all = account.rows().stream().mapToLong(TrainingGroups.Row::bytes).sum();
    assertThat(en.share().doubleValue()).isCloseTo((double) en.bytes() / all, within());
    assertThat(Files.readString(out.resolve("outputs.jsonl"))).contains(TrainingGroups.FILE);
    assertThat(account.leastPairCount())
        .isEqualTo(
            account
                .multiple()
                .multiply(BigDecimal.valueOf(2))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-6);
  }

  @Test
  void theCountsThatAreKeptGiveTheSameVocabularyAgain() throws IOException {
    byte[] mixed = trained("kept", "{en: 1, de: 1}", "tokenizer.train.keepCounts=true");
    Path out = folder.resolve("kept");
    TrainingGroups account =
        Json.MAPPER.readValue(
            Files.readAllBytes(out.resolve(TrainingGroups.FILE)), TrainingGroups.class);
    assertThat(
            trained(
                "from-kept",
                null,
                "tokenizer.train.counts=['" + out.resolve("counts.parquet") + "']",
                "tokenizer.train.minFrequency=" + account.leastPairCount()))
        .isEqualTo(mixed);
  }

  @Test
  void aGroupThatNoTextHasIsNamed() {
    assertThat(failure("unknown", "{en: 1, dee: 1}"))
        .contains(
            "tokenizer.train.mix: \"dee\" is no group of the text that is learned from, did you"
                + " mean \"de\"?; its groups are (none), code, de, en");
    assertThat(failure("far", "{en: 1, dee: 1000000000, code: 0.000000001}", "shards.groupBy=id"))
        .contains("counts by group: the text has more than 256 groups, such as code0");
    assertThat(failure("apart", "{en: 0.000000001, code: 1000000000}"))
        .contains("tokenizer.train.mix: the shares differ too much: an occurrence in one group");
  }

  @Test
  void whatIsExplainedIsAJobAgain() {
    CommandLineRun explained =
        Jobs.sample(
                folder.resolve("explained"),
                settings("{en: 0.250, 'a: b': 10, de: 1000000000}", "--explain"))
            .succeeded();
    assertThat(explained.out()).contains("en: 0.25\n", "de: 1.0E9\n", "'a: b': 10.0\n");
  }

  @Test
  void aMixThatMakesNoSenseIsRefusedBeforeTextIsRead() {
    assertThat(failure("no-group", "{en: 1}", "shards.groupBy=null"))
        .contains("shards.groupBy: is required with tokenizer.train.mix");
    assertThat(failure("nothing", "{en: 0, de: 0}"))
        .contains("tokenizer.train.mix: at least one group must have more than 0");
    assertThat(failure("empty", "{}"))
        .contains("tokenizer.train.mix: {} must have at least one name with its value");
    assertThat(failure("list", "[en]"))
        .contains("tokenizer.train.mix: [\"en\"] must have at least");
    for (String wrong : List.of("-1", "1e99", "MB", "5MB", "'0.5'", "true", "2000000000")) {
      assertThat(failure("wrong", "{en: " + wrong + "}"))
          .as(wrong)
          .contains(
              "tokenizer.train.mix.en: ", "must be a number of at least 0.0 and at most 1.0E9");
    }
    assertThat(failure("counts", "{en: 1}", "tokenizer.train.counts=[a.tsv]"))
        .contains("tokenizer.train.mix: cannot be combined with tokenizer.train.counts");
  }

  @Test
  void theReportShowsTheShares() throws IOException {
    Path out = folder.resolve("report");
    Jobs.sample(out, settings("{en: 1, de: 1}", "shards={groupBy: lang}")).succeeded();
    assertThat(Files.readString(out.resolve("report.html"))).contains("\"mixedShare\":0.5");
    assertThat(out.resolve("tokenizer/" + TrainingGroups.FILE)).exists();
    Jobs.sample(out, settings(null, "shards={groupBy: lang}", "--replace")).succeeded();
    assertThat(Files.readString(out.resolve("report.html"))).doesNotContain("\"mixedShare\":");
  }

  @Test
  void theCommandTrainTakesAMix() throws IOException {
    assertThat(trainedByCommand("command", "en=0.2", "de=0.3", "code=0.5"))
        .isEqualTo(plainly(Map.of("en", "0.2", "de", "0.3", "code", "0.5")));
  }

  private static byte[] trainedByCommand(String name, String... mix) throws IOException {
    Path out = folder.resolve(name);
    List<String> command =
        new ArrayList<>(List.of("train", "--input", corpus.toString(), "--output", out.toString()));
    command.addAll(List.of("--vocab-size", "420", "--pattern", "qwen2", "--normalizer", "nfc"));
    command.addAll(List.of("--special-token", "<|endoftext|>", "--group-by", "lang"));
    for (String share : mix) {
      command.addAll(List.of("--mix", share));
    }
    CommandLineRun.of(command.toArray(String[]::new)).succeeded();
    return Files.readAllBytes(out.resolve("tokenizer.json"));
  }
}
