package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.select.ValidationSplit;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.ShardRows;

/**
 * What is left out of a corpus, by a split or as duplicates, leaves no trace in what is learned.
 */
@Tag("run")
final class SelectionRunTest {
  /** A unit takes 512 files of this size. */
  private static final int FILES = 600;

  private static final double SHARE = 0.2;

  @TempDir static Path folder;
  private static Path corpus;
  private static int documents;
  private static int distinct;

  @BeforeAll
  static void writeACorpusWithDuplicates() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    corpus = Files.createDirectory(folder.resolve("corpus"));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < FILES; i++) {
      StringBuilder lines = new StringBuilder();
      for (int j = random.nextInt(4); j > 0; j--) {
        String text = "number " + random.nextInt(1500) + " of the list\\u0020";
        lines.append("{\"id\":\"d").append(documents++).append("\",\"text\":\"");
        lines.append(text).append("\"}\n");
        seen.add(text);
      }
      if (i % 100 == 0) {
        lines.append("no JSON\n");
      }
      Files.writeString(corpus.resolve(String.format("%05d.jsonl", i)), lines);
    }
    distinct = seen.size();
  }

  private static Path run(String name, Path input, String... settings) throws IOException {
    Path out = folder.resolve(name);
    Jobs.lean(
            out,
            List.of(
                "corpus={inputs: ['" + input + "'], format: jsonl, maxDeadLetterRate: 1}",
                "shards.groupBy=null",
                "tokenizer.train.vocabSize=400"),
            settings)
        .succeeded();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    return out;
  }

  /** The rows of a folder of shards: id and token ids, in order. */
  private static List<String> rows(Path shards) throws IOException {
    return ShardRows.of(shards).stream()
        .map(row -> row.docId + " " + Arrays.toString(ShardRows.ids(row)))
        .toList();
  }

  /** The corpus without the documents that {@code out} has no row of in its training shards. */
  private static Path without(Path out, String name) throws IOException {
    Set<String> kept = new HashSet<>();
    rows(out.resolve("shards/parquet")).forEach(row -> kept.add(row.split(" ")[0]));
    Path rest = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(corpus)) {
      for (Path file : files.toList()) {
        List<String> lines =
            Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("{") && kept.contains(line.split("\"")[3]))
                .toList();
        Files.write(rest.resolve(file.getFileName()), lines);
      }
    }
    return rest;
  }

  private static RecordSums totals(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "manifest")
        .totals()
        .sums();
  }

  @Test
  void validationDocumentsAreEncodedApartAndLearnedFromNowhere() throws IOException {
    Path out = run("split", corpus, "corpus.validation=" + SHARE);
    List<String> validation = rows(out.resolve("validation/parquet"));
    List<String> training = rows(out.resolve("shards/parquet"));
    ValidationSplit split = new ValidationSplit(SHARE);
    assertThat(validation).isNotEmpty().allMatch(row -> split.holdsOut(row.split(" ")[0]));
    assertThat(training).isNotEmpty().noneMatch(row -> split.holdsOut(row.split(" ")[0]));
    RecordSums totals = totals(out);
    assertThat(totals.documents()).isEqualTo(training.size());
    assertThat(totals.validation().documents()).isEqualTo(validation.size());
    assertThat(training.size() + validation.size()).isEqualTo(documents);
    assertThat(totals.deadLetters()).isEqualTo(new TreeMap<>(java.util.Map.of("invalid-json", 6L)));
    assertThat(totals.records()).isEqualTo(documents + 6);

    Path rest = run("split-rest", without(out, "corpus-training"));
    assertThat(out.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(rest.resolve("tokenizer/tokenizer.json"));
    assertThat(rows(rest.resolve("shards/parquet"))).isEqualTo(training);
    assertThat(OutputTree.sums(out, "validation/pooled/").keySet())
        .containsExactlyElementsOf(
            OutputTree.sums(out, "validation/parquet/").keySet().stream()
                .map(path -> path.replace("parquet/", "pooled/"))
                .toList());
  }

  @Test
  void duplicatesAreLeftOutButForTheFirst() throws IOException {
    Path out = run("distinct", corpus, "corpus.deduplicate=exact");
    RecordSums totals = totals(out);
    assertThat(totals.documents()).isEqualTo(distinct);
    assertThat(totals.duplicates()).isEqualTo(documents - distinct).isPositive();
    List<String> rows = rows(out.resolve("shards/parquet"));
    assertThat(new HashSet<>(rows.stream().map(row -> row.substring(row.indexOf(' '))).toList()))
        .hasSize(distinct);

    Path rest = run("distinct-rest", without(out, "corpus-distinct"));
    assertThat(out.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(rest.resolve("tokenizer/tokenizer.json"));
    assertThat(rows(rest.resolve("shards/parquet"))).isEqualTo(rows);

    Path one = run("distinct-one", corpus, "corpus.deduplicate=exact", "--targetParallelism=1");
    assertThat(OutputTree.sums(one)).isEqualTo(OutputTree.sums(out));

    // Cut short, at two places, it goes on to the same.
    for (String path : OutputTree.files(out)) {
      if (path.startsWith("run/duplicates/")
          || path.startsWith("run/finished")
          || path.equals("tokenizer/tokenizer.json")
          || path.equals("manifest.json")
          || path.matches("run/units/.*/0000001\\..*")) {
        Files.delete(out.resolve(path));
      }
    }
    try (Stream<Path> hashes = Files.list(out.resolve("run/texts"))) {
      Path damaged = hashes.sorted().findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(damaged);
      bytes[1500] ^= 1;
      Files.write(damaged, bytes);
    }
    run("distinct", corpus, "corpus.deduplicate=exact");
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(one));
  }

  @Test
  void bothTogetherAccountForEveryDocument() throws IOException {
    Path out =
        run(
            "both",
            corpus,
            "corpus.deduplicate=exact",
            "corpus.validation=" + SHARE,
            "tokenizer.train.maxBytes=20000");
    RecordSums totals = totals(out);
    assertThat(totals.validation().documents()).isPositive();
    assertThat(totals.documents() + totals.validation().documents()).isEqualTo(distinct);
    assertThat(totals.duplicates()).isEqualTo(documents - distinct);
  }

  @Test
  void endsWithThreeWhenMoreRecordsAreDeadThanTheJobAllows() throws IOException {
    String input = "corpus={inputs: ['" + corpus + "'], format: jsonl, maxDeadLetterRate: ";
    double rate = 6.0 / (documents + 6);
    for (double allowed : new double[] {rate * 0.99, rate * 1.01}) {
      CommandLineRun ran =
          Jobs.sample(
              folder.resolve("rate"),
              input + allowed + "}",
              "shards.groupBy=null",
              "embeddings=null",
              "learn=null",
              "tokenizer.train.vocabSize=300");
      ran.endedWith(allowed < rate ? 3 : 0);
      assertThat(ran.out()).contains("invalid-json");
    }
  }
}
