package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/** A run over a corpus that has grown, shrunk or changed gives what a fresh one gives, for less. */
@Tag("run")
final class GrowthTest {
  private static final int FILES = 2000;

  @TempDir static Path folder;
  private static String tokenizer;
  private static String table;
  private static Path corpus;
  private Path out;
  private String said;

  @BeforeAll
  static void runOverTheFirstCorpus() throws IOException {
    tokenizer = folder.resolve("tokenizer").toString();
    String input = "sample-data/corpus";
    Jobs.train(tokenizer, "--input %s --vocab-size 300 --pattern gpt2", input);
    table = folder.resolve("table.parquet").toString();
    Jobs.table(table, 300, 4);
    corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < FILES; i++) {
      add(i, "document " + i + (i % 500 == 7 ? " \u00ff" : ""));
    }
    run(folder.resolve("first"));
    OutputTree.copy(corpus, folder.resolve("first-corpus"));
  }

  @BeforeEach
  void beginWithTheFirstCorpusAndItsRun(TestInfo test) throws IOException {
    OutputTree.delete(corpus);
    OutputTree.copy(folder.resolve("first-corpus"), corpus);
    out = folder.resolve(test.getTestMethod().orElseThrow().getName()).resolve("out");
    OutputTree.copy(folder.resolve("first"), out);
  }

  /** Files that end in 7 of 500 are no UTF-8: each unit has dead letters too. */
  private static void add(int number, String text) throws IOException {
    Path file = corpus.resolve(String.format(Locale.ROOT, "%05d.txt", number));
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static CommandLineRun run(Path output, String... settings) throws IOException {
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        "corpus: {maxDeadLetterRate: 1, inputs: ['"
            + corpus
            + "'], format: text}\n"
            + "tokenizer: {load: '"
            + tokenizer
            + "/tokenizer.json'}\n"
            + "embeddings: {table: '"
            + table
            + "'}\n"
            + "output: '"
            + output
            + "'\n");
    return CommandLineRun.with(List.of(settings), "run", job.toString()).succeeded();
  }

  /** How many part files were written since {@code before}. */
  private long writtenSince(SortedMap<String, FileTime> before) throws IOException {
    FileTime last = before.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    return OutputTree.times(out, "shards/").values().stream()
        .filter(time -> time.compareTo(last) > 0)
        .count();
  }

  private long grownEqualsFresh() throws IOException {
    SortedMap<String, FileTime> before = OutputTree.times(out, "shards/");
    assertThat(before).hasSizeGreaterThan(4);
    said = run(out).out();
    Path fresh = out.resolveSibling("fresh");
    run(fresh);
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(fresh));
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    return writtenSince(before);
  }

  @Test
  void aFileAddedAfterTheOthersChangesAUnitOrTwo() throws IOException {
    Files.writeString(corpus.resolve("99999.txt"), "a new document");
    assertThat(grownEqualsFresh()).isBetween(1L, 2L);
    assertThat(said).contains(" kept\n");
  }

  @Test
  void unitsThatGetAnotherNumberAreMadeAnew() throws IOException {
    SortedMap<String, String> before = OutputTree.sums(out, "shards/");
    Files.writeString(corpus.resolve("00000-before.txt"), "a new document".repeat(200_000));
    assertThat(grownEqualsFresh()).isGreaterThanOrEqualTo(before.size());
    assertThat(OutputTree.sums(out, "shards/").values()).containsAll(lastHalf(before));
  }

  private static List<String> lastHalf(SortedMap<String, String> sums) {
    return List.copyOf(sums.values()).subList(sums.size() / 2, sums.size());
  }

  @Test
  void aMendedFileIsReadAgainWithItsUnitAlone() throws IOException {
    Files.writeString(corpus.resolve("00507.txt"), "document 507 ÿ");
    assertThat(grownEqualsFresh()).isEqualTo(1);
    JsonNode before = Json.MAPPER.readTree(folder.resolve("first/manifest.json").toFile());
    JsonNode now = Json.MAPPER.readTree(out.resolve("manifest.json").toFile());
    assertThat(before.at("/totals/deadLetters/invalid-utf8").asInt()).isEqualTo(4);
    assertThat(now.at("/totals/deadLetters/invalid-utf8").asInt()).isEqualTo(3);
    assertThat(now.at("/totals/documents").asInt())
        .isEqualTo(before.at("/totals/documents").asInt() + 1);
  }

  @Test
  void filesAddedRemovedAndChangedChangeTheirUnits() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int at = random.nextInt(FILES - 600);
    for (int i = 0; i < 500; i++) {
      Files.delete(corpus.resolve(String.format(Locale.ROOT, "%05d.txt", at + i)));
    }
    for (int i = 0; i < 40; i++) {
      String name = String.format(Locale.ROOT, "%05d-%d.txt", at + 550, random.nextInt(1000));
      Files.writeString(corpus.resolve(name), "new " + i);
    }
    Files.writeString(corpus.resolve("01999.txt"), "changed");
    assertThat(grownEqualsFresh()).isPositive();
  }

  @Test
  void allFilesRemovedButTheLastOnes() throws IOException {
    for (Path file : OutputTree.paths(corpus).subList(0, FILES / 2)) {
      Files.delete(file);
    }
    assertThat(grownEqualsFresh()).isPositive();
  }

  private CommandLineRun rehash() {
    String job = folder.resolve("job.yaml").toString();
    return CommandLineRun.of("run", job, "--rehash", "--set", "output=" + out).succeeded();
  }

  private void touch(Path file) throws IOException {
    long later = Files.getLastModifiedTime(file).toMillis() + 7_000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(later));
  }

  @Test
  void rehashKeepsWhatWasOnlyTouchedAndFindsWhatChangedUnseen() throws IOException {
    SortedMap<String, FileTime> before = OutputTree.times(out, "shards/");
    for (int i = 0; i < FILES; i += 2) {
      touch(corpus.resolve(String.format(Locale.ROOT, "%05d.txt", i)));
    }
    assertThat(rehash().out()).contains("Nothing to do");
    assertThat(run(out).out()).as("it is remembered").contains("Nothing to do");
    assertThat(OutputTree.times(out, "shards/")).isEqualTo(before);

    Path changed = corpus.resolve("01234.txt");
    FileTime time = Files.getLastModifiedTime(changed);
    Files.writeString(changed, "DOCUMENT 1234");
    Files.setLastModifiedTime(changed, time);
    assertThat(run(out).out()).as("size and time are the same").contains("Nothing to do");
    assertThat(rehash().out()).contains(" kept\n");
    assertThat(writtenSince(before)).isEqualTo(1);
    assertThat(run(out).out()).as("it is remembered").contains("Nothing to do");
    assertThat(rehash().out()).contains("Nothing to do");
    Path fresh = out.resolveSibling("fresh");
    run(fresh);
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(fresh));

    // A run that was cut short has no list to compare with: files have the version of their bytes.
    Files.delete(out.resolve("manifest.json"));
    Files.delete(out.resolve("run/finished.json"));
    Files.writeString(changed, "Document 1234");
    Files.setLastModifiedTime(changed, time);
    rehash();
    Path other = out.resolveSibling("other");
    run(other);
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(other));
    assertThat(OutputTree.sums(out)).isNotEqualTo(OutputTree.sums(fresh));
  }
}
