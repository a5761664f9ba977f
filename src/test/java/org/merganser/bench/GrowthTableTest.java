package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.GrowingCorpus;

/** The results of {@code bench growth}, and the page that shows them. */
final class GrowthTableTest {
  @TempDir Path folder;

  @Test
  void thePageHasTheTablesOfItsResults() throws IOException {
    GrowthTable table = new GrowthTable();
    table.read(Path.of("docs/growth.json"));
    String page = Files.readString(Path.of("docs/performance.md"));
    assertThat(table.markdown().split("\n\n")).hasSize(2).allMatch(page::contains);
  }

  @Test
  void rowsComeBackFromTheirFileBySize() throws IOException {
    GrowthRow.Run run =
        new GrowthRow.Run(10, 20, 1_500_000_000, 7_000_000L, Map.of("encode", 12.5));
    GrowthTable table = new GrowthTable();
    table.add(new GrowthRow(true, 12_000_000_000L, 11, 12, null, run, 3));
    table.add(new GrowthRow(true, 100_000_000_000L, 13, 0, null, run, 80));
    table.add(new GrowthRow(false, 2_000_000, 3, 4, null, run, 1));
    table.write(folder);
    GrowthTable read = new GrowthTable();
    read.read(folder.resolve("growth.json"));
    assertThat(read.markdown())
        .isEqualTo(table.markdown())
        .endsWith(
            "| 2 | 3 | 4 | 10.0 | 20.0 | 1,500 | 7 | encode 12.5 |\n"
                + "| 12,000, growing, minPretokenCount 3 | 11 | 12 | 10.0 | 20.0 | 1,500 | 7 |"
                + " encode 12.5 |\n"
                + "| 100,000, growing, trained alone, minPretokenCount 80 | 13 |  | 10.0 | 20.0 |"
                + " 1,500 | 7 | encode 12.5 |\n");
  }

  @Test
  void aPartOfACorpusHasDocumentsFromAllOfIt() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      corpus.add(new byte[10 + i % 7]);
    }
    long all = corpus.stream().mapToLong(document -> document.length).sum();
    List<byte[]> quarter = GrowthCommand.part(corpus, all / 4);
    assertThat(quarter).isSubsetOf(corpus);
    assertThat(quarter.stream().mapToLong(document -> document.length).sum())
        .isBetween(all / 4 - 16, all / 4 + 16);
    assertThat(corpus.indexOf(quarter.get(quarter.size() / 2))).isBetween(40, 60);
    assertThat(GrowthCommand.part(corpus, all)).isEqualTo(corpus);
    assertThat(GrowthCommand.part(corpus, 3 * all)).isEqualTo(corpus);
  }

  @Test
  void aTrainingThatDoesNotFitIsStartedAgainWithTheCountThatItNames() {
    assertThat(fitting(7, "or write tokenizer.train.minPretokenCount: 82 into the job"))
        .isEqualTo(82);
    assertThatThrownBy(() -> fitting(7, "no tokenizer.train.minPretokenCount is enough"))
        .isInstanceOf(WholeProcess.FailedException.class);
    assertThatThrownBy(() -> fitting(4, "tokenizer.train.minPretokenCount: 82"))
        .isInstanceOf(WholeProcess.FailedException.class);
  }

  private static long fitting(int exitCode, String printed) {
    return GrowthRuns.fitting(
        new WholeProcess.FailedException("merganser train", exitCode, printed, 0));
  }

  @Test
  void mostOfAFolderIsRememberedWhenItsFilesAreGone() throws IOException {
    Path watched = folder.resolve("not/there/yet");
    try (DiskUse disk = new DiskUse(watched)) {
      assertThat(disk.mostBytes()).isZero();
      Files.createDirectories(watched.resolve("below"));
      Files.write(watched.resolve("below/a"), new byte[1000]);
      Files.write(watched.resolve("b"), new byte[10]);
      assertThat(disk.mostBytes()).isEqualTo(1010);
      Files.delete(watched.resolve("below/a"));
      assertThat(disk.mostBytes()).isEqualTo(1010);
    }
  }

  @Test
  void aGrowingCorpusBeginsWithASmallerOne() throws IOException {
    Path small = Files.createDirectory(folder.resolve("small"));
    Path large = Files.createDirectory(folder.resolve("large"));
    GrowingCorpus.write(100_000, 60_000, small);
    GrowingCorpus.write(200_000, 60_000, large);
    assertThat(small.resolve("part-000.jsonl.zst"))
        .hasSameBinaryContentAs(large.resolve("part-000.jsonl.zst"));
    assertThat(small.resolve("part-001.jsonl.zst")).exists();
    assertThat(large.resolve("part-003.jsonl.zst")).exists();
  }
}
