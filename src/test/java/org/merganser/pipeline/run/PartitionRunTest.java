package org.merganser.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** Runs whose shards have a folder for each group: forty of them, with hostile names. */
@Tag("run")
final class PartitionRunTest {
  /** Opening a file counts like 8 KiB, of which a unit takes 4 MiB: two units. */
  private static final int FILES = 600;

  private static final List<String> HOSTILE =
      List.of(
          "",
          ".",
          "..",
          "a/b",
          "🌲",
          "EN",
          "en",
          "En",
          "50%",
          "%35",
          "a b\tc",
          "__HIVE_DEFAULT_PARTITION__",
          "con",
          "x=y",
          "\\",
          "\"'",
          "\u0000",
          "ß",
          "v1.5",
          "end.",
          "~");

  private static final String[] LAYOUTS = {
    "shards.partitionBy=lang",
    "shards.formats=[parquet, megatron, litdata]",
    "shards.mergedTokens=4000",
    "shards.blend.alpha=0.5",
    "corpus.validation=0.1"
  };

  private static final long SEED = Seeds.next();

  /** Texts by group; null for documents without one. */
  private static final Map<String, List<String>> TEXTS = new HashMap<>();

  @TempDir static Path folder;
  private static Path corpus;
  private static Path out;

  @BeforeAll
  static void runOnOneThread() throws IOException {
    List<String> groups = new ArrayList<>(HOSTILE);
    groups.add("l".repeat(50_000));
    while (groups.size() < 39) {
      groups.add("g" + groups.size());
    }
    groups.add(null);
    Random random = new Random(SEED);
    corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < FILES; i++) {
      StringBuilder lines = new StringBuilder();
      for (int k = 0; k < 4; k++) {
        String group = groups.get((4 * i + k) % 40);
        if (i > 80 && group != null && group.length() > 1000) {
          group = "en"; // a few documents decide what a name of 50,000 characters does
        }
        String text = "Die Sonne geht auf. ".repeat(random.nextInt(9)) + i + " " + k;
        Map<String, Object> line = new TreeMap<>(Map.of("id", i + "-" + k, "text", text));
        if (group != null) {
          line.put("lang", group);
        }
        lines.append(Json.line(line)).append('\n');
        TEXTS.computeIfAbsent(group, g -> new ArrayList<>()).add(text);
      }
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "f%04d.jsonl", i)), lines.toString());
    }
    out = folder.resolve("out");
    run(out, "--targetParallelism=1", LAYOUTS).succeeded();
  }

  private static CommandLineRun run(Path to, String parallelism, String... settings) {
    return Jobs.lean(
        to,
        List.of(
            parallelism,
            "corpus={inputs: ['" + corpus + "'], format: jsonl}",
            "shards.groupBy=null",
            "embeddings=null",
            "tokenizer.train.vocabSize=400"),
        settings);
  }

  private static JsonNode groups(Path of) throws IOException {
    return Json.MAPPER.readTree(Files.readAllBytes(of.resolve("dataset.json"))).path("groups");
  }

  @Test
  void eachGroupHasAFolderThatNoFileSystemTakesForAnother() throws IOException {
    TreeSet<String> folders = new TreeSet<>();
    TreeSet<String> lower = new TreeSet<>();
    for (JsonNode group : groups(out)) {
      String name = group.path("folder").textValue();
      assertThat(name).startsWith("lang=").matches("[A-Za-z0-9=%._~-]+").hasSizeLessThan(200);
      folders.add(name);
      lower.add(name.toLowerCase(Locale.ROOT));
      assertThat(out.resolve("shards/parquet/" + name)).isDirectory();
      assertThat(out.resolve("shards/litdata/" + name + "/index.json")).isRegularFile();
    }
    assertThat(folders).hasSize(40).contains("lang=", "lang=en", "lang=%45%4E", "lang=a%2Fb");
    assertThat(lower).hasSize(40);
  }

  @Test
  void theTotalsOfAGroupAreThoseOfItsDocuments() throws Exception {
    long documents = 0;
    for (JsonNode group : groups(out)) {
      String name = group.path("group").textValue();
      List<String> texts =
          name != null && name.startsWith("lll") ? TEXTS.get("l".repeat(50_000)) : TEXTS.get(name);
      assertThat(texts).as("seed %s, %s", SEED, group).isNotNull();
      long own = group.path("documents").longValue();
      long held = group.at("/validation/documents").longValue();
      assertThat(own + held).as("seed %s, %s", SEED, group).isEqualTo(texts.size());
      documents += own;
      if (held == 0) {
        assertThat(group.path("bytes").longValue())
            .isEqualTo(texts.stream().mapToLong(text -> text.getBytes(UTF_8).length).sum());
      }
      assertThat(
              Duck.query(
                  "select count(*), sum(num_tokens) from"
                      + " read_parquet('%s/shards/parquet/%s/*.parquet', hive_partitioning ="
                      + " false)",
                  out, group.path("folder").textValue()))
          .containsExactly(own + "|" + group.path("tokens").longValue());
    }
    assertThat(Duck.query("select count(*) from '" + out + "/shards/parquet/*/*.parquet'"))
        .containsExactly(String.valueOf(documents));
  }

  @Test
  void duckDbReadsTheGroupsOffTheFolders() throws Exception {
    assertThat(
            Duck.query(
                "select count(distinct lang), count(*) filter (lang is distinct from \"group\" and"
                    + " length(\"group\") < 150 and \"group\" <> '') from"
                    + " read_parquet('%s/shards/parquet/*/*.parquet', hive_partitioning = true,"
                    + " hive_types_autocast = false)",
                out))
        .containsExactly("39|0");
  }

  @Test
  void theBytesDoNotDependOnTheParallelismAndVerifyFindsNothing() throws IOException {
    Path again = folder.resolve("again");
    run(again, "--targetParallelism=4", LAYOUTS).succeeded();
    assertThat(OutputTree.sums(again)).isEqualTo(OutputTree.sums(out));
    CommandLineRun.of("verify", out.toString(), "--full").succeeded();
    assertThat(run(again, "--targetParallelism=4", LAYOUTS).succeeded().out())
        .contains("Nothing to do");
    Path lost = again.resolve("shards/parquet/lang=en");
    for (String file : OutputTree.files(again)) {
      if (again.resolve(file).startsWith(lost)) {
        Files.delete(again.resolve(file));
      }
    }
    run(again, "--targetParallelism=2", LAYOUTS).succeeded();
    assertThat(OutputTree.sums(again)).isEqualTo(OutputTree.sums(out));
  }

  @Test
  void theBlendIsReadAsMegatronReadsItAndItsWeightsAreThoseOfTheGroups() throws Exception {
    SortedMap<String, Double> expected = new TreeMap<>();
    double sum = 0;
    for (JsonNode group : groups(out)) {
      sum += StrictMath.sqrt(group.path("tokens").longValue());
    }
    for (JsonNode group : groups(out)) {
      double weight = StrictMath.sqrt(group.path("tokens").longValue()) / sum;
      expected.put(group.path("folder").textValue(), weight);
      assertThat(group.path("weight").doubleValue()).isCloseTo(weight, within(1e-12));
    }
    // As megatron/training/arguments.py reads --data-args-path, and core/datasets the blend.
    List<String> lines =
        expected.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%s %.9f", e.getKey(), e.getValue()))
            .toList();
    assertThat(NumPy.run("blend.py", out)).containsExactlyElementsOf(lines);
  }

  private static org.assertj.core.data.Offset<Double> within(double distance) {
    return org.assertj.core.data.Offset.offset(distance);
  }

  @Test
  void packedAndShuffledSequencesHaveOneGroup() throws Exception {
    Path packed = folder.resolve("packed");
    run(
            packed,
            "--targetParallelism=2",
            "shards.partitionBy=lang",
            "shards.pack={length: 64, strategy: bestFit}",
            "shards.shuffle={seed: 5}",
            "shards.formats=[megatron, npy]")
        .succeeded();
    assertThat(ManifestVerification.check("" + packed, true).findings()).isEmpty();
    assertThat(
            Duck.query(
                "select count(*) from (select p.filename f, count(distinct d.\"group\") n,"
                    + " bool_or(d.\"group\" is null) e from (select filename, unnest(doc_ids)"
                    + " doc_id from read_parquet('%s/shards/packed/parquet/*/*.parquet', filename ="
                    + " true, hive_partitioning = false)) p join"
                    + " read_parquet('%s/shards/parquet/*/*.parquet', hive_partitioning = false) d"
                    + " using (doc_id) group by 1) where n + e::int <> 1",
                packed, packed))
        .containsExactly("0");
    Path converted = folder.resolve("converted");
    CommandLineRun.of("convert", packed + "", "--to", "megatron,bin", "--output", converted + "")
        .succeeded();
    assertThat(groups(converted)).hasSameSizeAs(groups(packed));
    assertThat(groups(converted).get(7).path("bytes"))
        .isEqualTo(groups(packed).get(7).path("bytes"));
    assertThat(converted.resolve("shards/blend/megatron.txt")).isRegularFile();
    assertThat(CommandLineRun.of("cat", packed + "", "--limit", "3").succeeded().out())
        .hasLineCount(6);
  }

  @Test
  void listedGroupsHaveFoldersAndTheOthersShareOne() throws Exception {
    Path rest = folder.resolve("rest");
    run(
            rest,
            "--targetParallelism=2",
            "shards.partitionBy=lang",
            "shards.partition={groups: [en, '🌲'], rest: others, maxGroups: 4}",
            "shards.blend.weights={en: 3, others: 1}",
            "shards.formats=[megatron]")
        .succeeded();
    List<String> folders = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (JsonNode group : groups(rest)) {
      folders.add(group.path("folder").textValue());
      weights.add(group.path("weight").doubleValue());
    }
    assertThat(folders)
        .containsExactly(
            "lang=%F0%9F%8C%B2", "lang=__HIVE_DEFAULT_PARTITION__", "lang=en", "lang=others");
    assertThat(weights).containsExactly(0.0, 0.0, 0.75, 0.25);
    assertThat(ManifestVerification.check("" + rest, true).findings()).isEmpty();
    assertThat(Files.readString(rest.resolve("shards/blend/megatron.txt")))
        .contains("lang=en/")
        .contains("lang=others/")
        .doesNotContain("%F0");
  }

  @Test
  void saysWhatToDoAboutTooManyGroupsAndUnknownWeights() {
    assertThat(
            run(
                    folder.resolve("many"),
                    "--targetParallelism=1",
                    "shards.partitionBy=lang",
                    "shards.partition.maxGroups=39")
                .endedWith(2)
                .err())
        .contains("more than 39 groups (shards.partition.maxGroups)")
        .contains("shards.partition.groups");
    assertThat(
            run(
                    folder.resolve("unknown"),
                    "--targetParallelism=1",
                    "shards.partitionBy=lang",
                    "shards.blend.weights={xx: 1}",
                    "shards.formats=[megatron]")
                .endedWith(2)
                .err())
        .contains("shards.blend.weights: no document is of the group \"xx\"");
    assertThat(
            run(
                    folder.resolve("both"),
                    "--targetParallelism=1",
                    "shards.partitionBy=lang",
                    "shards.groupBy=source",
                    "shards.partition={groups: [a], rest: a, maxGroups: 1}")
                .endedWith(2)
                .err())
        .contains("a document has one group")
        .contains("shards.partition.rest: \"a\" is one of shards.partition.groups")
        .contains("shards.partition.maxGroups: 1 is not enough");
  }
}
