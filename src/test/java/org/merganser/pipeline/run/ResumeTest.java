package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/** What a run does with what an earlier one left: units are idempotent and leave receipts. */
@Tag("run")
final class ResumeTest {
  private static final int UNITS = 4;

  /**
   * Opening a file counts like 8 KiB of text, of which a unit takes 4 MiB: small and many units.
   */
  private static final int FILES = 900;

  @TempDir static Path folder;
  private static Path corpus;
  private static Path finished;
  private static SortedMap<String, String> expected;

  private Path out;

  @BeforeAll
  static void runAJobOfSeveralUnits() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    byte[] text = Files.readAllBytes(Path.of("sample-data/corpus/europe.jsonl"));
    for (int i = 0; i < FILES; i++) {
      int from = i * 101;
      String line = new String(text, from, 300, StandardCharsets.ISO_8859_1);
      Files.writeString(file(i), line.replaceAll("[^\\x20-\\x7E]", "~") + "\n");
    }
    finished = folder.resolve("finished");
    run(finished).succeeded();
    expected = OutputTree.sums(finished);
    assertThat(OutputTree.sums(finished, "shards/")).hasSize(UNITS);
  }

  private static Path file(int number) {
    return corpus.resolve(String.format(Locale.ROOT, "file-%04d.txt", number));
  }

  private static CommandLineRun run(Path output, String... settings) {
    return Jobs.sample(
        output,
        List.of(
            "corpus={inputs: ['" + corpus + "'], format: lines}",
            "shards.groupBy=null",
            "learn={ngrams: 1}",
            "tokenizer.train.vocabSize=400"),
        settings);
  }

  @BeforeEach
  void copyTheFinishedRun(TestInfo test) throws IOException {
    out = folder.resolve(test.getTestMethod().orElseThrow().getName());
    OutputTree.copy(finished, out);
    for (Path file : OutputTree.paths(out)) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    }
  }

  private static String shard(int unit) {
    return "shards/parquet/part-000000" + unit + "-000.parquet";
  }

  /** The files that a run has written since the copy was made. */
  private List<String> written() throws IOException {
    return OutputTree.times(out, "").entrySet().stream()
        .filter(file -> file.getValue().toMillis() != 1_000_000_000_000L)
        .map(Map.Entry::getKey)
        .filter(path -> !path.startsWith("run/"))
        .toList();
  }

  @Test
  void makesALostShardAgainAndNothingElse() throws IOException {
    Files.delete(out.resolve(shard(1)));
    CommandLineRun ran = run(out).succeeded();
    assertThat(ran.out()).doesNotContain("Nothing to do");
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(written())
        .containsExactly("inputs.jsonl", "manifest.json", "outputs.jsonl", "report.html", shard(1));
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void givesThePageTheNameOfTheJobAndChangesNoOtherFile() throws IOException {
    Path page = out.resolve("report.html");
    assertThat(Files.readString(page)).contains("<h1>finished</h1>");
    run(out, "name='Letters & <b>'").succeeded();
    assertThat(Files.readString(page)).contains("<h1>Letters &amp; &lt;b&gt;</h1>");
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(run(out, "name='Letters & <b>'").succeeded().out()).contains("Nothing to do");
    CommandLineRun.of("report", out.toString()).succeeded();
    assertThat(Files.readString(page)).contains("<h1>Letters &amp; &lt;b&gt;</h1>");
    run(out).succeeded();
    assertThat(Files.readString(page)).contains("<h1>" + out.getFileName() + "</h1>");
  }

  @Test
  void makesAShardWithOneFlippedBitAgainWhenTheManifestIsGone() throws IOException {
    byte[] bytes = Files.readAllBytes(out.resolve(shard(2)));
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(out.resolve(shard(2)), bytes);
    Files.delete(out.resolve("manifest.json"));
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(written()).contains(shard(2)).doesNotContain(shard(0), shard(1));
  }

  @Test
  void makesAnInputsOrOutputsListAgainThatWasLostOrChanged() throws IOException {
    Files.writeString(out.resolve("inputs.jsonl"), "{}\n");
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    Files.delete(out.resolve("outputs.jsonl"));
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void goesOnAfterAKillBetweenTheFilesOfAUnitAndItsReceipt() throws IOException {
    for (String path : OutputTree.files(out)) {
      if (path.matches("run/units/.*/0000001\\..*") || path.equals("run/finished.json")) {
        Files.delete(out.resolve(path));
      }
    }
    Files.delete(out.resolve("manifest.json"));
    // What a killed writer leaves: temporary names.
    Files.writeString(out.resolve("shards/parquet/.tmp-merganser-0123456789ab"), "half a shard");
    Files.writeString(out.resolve(".tmp-merganser-0123456789ab"), "half a list");
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(written()).contains(shard(1)).doesNotContain(shard(0), shard(2));
  }

  @Test
  void countsAUnitAgainWhoseCountsAreDamagedAndTheOthersNot() throws IOException {
    List<String> counts =
        OutputTree.files(out).stream()
            .filter(path -> path.matches("run/counts/.*/unit-.*"))
            .toList();
    assertThat(counts).hasSize(UNITS);
    Path damaged = out.resolve(counts.get(1));
    byte[] bytes = Files.readAllBytes(damaged);
    byte[] whole = bytes.clone();
    bytes[bytes.length / 3] ^= 1;
    Files.write(damaged, bytes);
    Files.delete(out.resolve("tokenizer/tokenizer.json"));
    Files.setLastModifiedTime(out.resolve(counts.get(0)), FileTime.fromMillis(5000));
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    assertThat(Files.readAllBytes(damaged)).isEqualTo(whole);
    assertThat(Files.getLastModifiedTime(out.resolve(counts.get(0))).toMillis()).isEqualTo(5000);
  }

  @Test
  void givesWhatEachJobGivesAloneWhenTwoJobsTakeTurnsInOneFolder() throws IOException {
    Path alone = folder.resolve("other-alone");
    String[] other = {"tokenizer.train.vocabSize=300", "embeddings=null", "--replace"};
    run(alone, other).succeeded();
    run(out, other).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(alone));
    run(out, "--replace").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
    String[] vocabularyAlone = {
      "shards={formats: []}", "embeddings=null", "learn=null", "--replace"
    };
    run(out, vocabularyAlone).succeeded();
    assertThat(out.resolve("tokenizer.json")).exists();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    run(out, "--replace").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void refusesAFileWhereTheRunNeedsAFolderBeforeItWritesAnything() throws IOException {
    OutputTree.delete(out.resolve("shards"));
    Files.writeString(out.resolve("shards"), "a file where the run needs a folder");
    CommandLineRun failed = run(out, "tokenizer.train.vocabSize=300", "--replace").endedWith(2);
    assertThat(failed.err())
        .contains(out.resolve("shards") + " is a file, where this run needs a folder")
        .contains("name another output");
    assertThat(out.resolve("manifest.json")).exists();
    assertThat(out.resolve(".merganser-staged")).doesNotExist();
    Files.delete(out.resolve("shards"));
    CommandLineRun again = run(out).succeeded();
    assertThat(again.out()).doesNotContain("Nothing to do");
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void rerunsTheJoinAloneForAnotherTable() throws IOException {
    String table = folder.resolve("other.parquet").toString();
    Jobs.table(table, 1024, 8);
    run(out, "embeddings.table='" + table + "'", "--replace").succeeded();
    assertThat(written())
        .containsExactly(
            "README.md",
            "embedded/pooled/part-0000000-000.parquet",
            "embedded/pooled/part-0000001-000.parquet",
            "embedded/pooled/part-0000002-000.parquet",
            "embedded/pooled/part-0000003-000.parquet",
            "embedded/rows.parquet",
            "inputs.jsonl",
            "manifest.json",
            "outputs.jsonl",
            "report.html");
    assertThat(OutputTree.sums(out, "embedded/"))
        .isNotEqualTo(OutputTree.sums(finished, "embedded/"));
  }

  @Test
  void rereadsNothingWhenOnlyTheTreatmentOfDeadLettersChanges() throws IOException {
    run(out, "corpus.failOnDeadLetters=true").succeeded();
    assertThat(written())
        .containsExactly("inputs.jsonl", "manifest.json", "outputs.jsonl", "report.html");
  }

  @Test
  void readsAChangedFileAgainAndNotTheOthers() throws IOException {
    Path target = folder.resolve("loaded");
    String[] load =
        CommandLineRun.words(
            "encode --tokenizer %s --input %s --format lines --output %s",
            out.resolve("tokenizer/tokenizer.json"), corpus, target);
    CommandLineRun.of(load).succeeded();
    SortedMap<String, FileTime> before = OutputTree.times(target, "shards/");
    Path changed = file(700);
    byte[] original = Files.readAllBytes(changed);
    FileTime modified = Files.getLastModifiedTime(changed);
    try {
      byte[] bytes = original.clone();
      bytes[100] = 'X'; // the same size
      Files.write(changed, bytes);
      Files.setLastModifiedTime(changed, FileTime.fromMillis(modified.toMillis() + 1000));
      CommandLineRun.of(load).succeeded();
    } finally {
      Files.write(changed, original);
      Files.setLastModifiedTime(changed, modified);
    }
    SortedMap<String, FileTime> after = OutputTree.times(target, "shards/");
    assertThat(after.keySet()).isEqualTo(before.keySet()).hasSize(UNITS);
    assertThat(after.keySet().stream().filter(s -> !after.get(s).equals(before.get(s)))).hasSize(1);
    assertThat(ManifestVerification.check("" + target, true).findings()).isEmpty();
  }

  @Test
  void noticesAFileThatChangedBehindItsModificationTimeBetweenThePasses() throws IOException {
    Path changed = file(300);
    byte[] original = Files.readAllBytes(changed);
    FileTime modified = Files.getLastModifiedTime(changed);
    Files.delete(out.resolve(shard(1)));
    try {
      byte[] bytes = original.clone();
      bytes[100] ^= 1;
      Files.write(changed, bytes);
      Files.setLastModifiedTime(changed, modified);
      assertThat(run(out).endedWith(8).err())
          .startsWith("merganser: corpus file " + changed + ": its bytes are not those that were")
          .contains("touch it and run again");
    } finally {
      Files.write(changed, original);
      Files.setLastModifiedTime(changed, modified);
    }
    run(out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void refusesToJoinIntoTheFolderWhoseShardsItJoins() {
    CommandLineRun ran =
        CommandLineRun.line(
            "embed --run %s --table sample-data/embeddings.parquet --output %s/", out, out);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("shards.from[0]: ", "are the same folder");
    assertThat(out.resolve("manifest.json")).exists();
  }
}
