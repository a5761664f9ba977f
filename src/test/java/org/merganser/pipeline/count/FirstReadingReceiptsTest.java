package org.merganser.pipeline.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;

/** Both passes over a corpus must read the same bytes. */
final class FirstReadingReceiptsTest {
  @TempDir Path folder;

  private static FileRange range(String file) {
    return new FileRange(
        InputFiles.of(file, "/corpus/" + file, 9, 0, InputFormat.TEXT, Compression.NONE), 0, 9);
  }

  private final WorkUnit unit = new WorkUnit(0, List.of(range("a.txt"), range("b.txt")));

  private OutputPaths paths() {
    return OutputPaths.of(folder.toString());
  }

  private static InputRange account(String sha256) {
    return new InputRange(
        "a.txt",
        0,
        9,
        9,
        sha256,
        null,
        null,
        new RecordSums(
            1, 1, GroupCounts.ZERO, new TreeMap<>(), 0, null, null, 0, 9, 9, 0, null, null));
  }

  private void note(List<String> sha256s) throws IOException {
    note(unit, sha256s);
  }

  private void note(WorkUnit read, List<String> sha256s) throws IOException {
    try (UnitFiles files = new UnitFiles(RunPaths.unstaged(paths()))) {
      List<InputRange> ranges = sha256s.stream().map(sum -> account(sum)).toList();
      FirstReadingReceipts.write(paths(), read, ranges, files);
      files.publish(0, "count", "f");
    }
  }

  @Test
  void aFileOfSeveralUnitsIsReadAsAWholeOnce() throws IOException {
    Path large = Files.writeString(folder.resolve("large.txt"), "a rose\n".repeat(3));
    InputFile file =
        InputFiles.of("large.txt", "" + large, 21, 0, InputFormat.LINES, Compression.NONE);
    WorkUnit first = new WorkUnit(0, List.of(new FileRange(file, 0, 14)));
    WorkUnit next = new WorkUnit(1, List.of(new FileRange(file, 14, 21)));
    String sha256 = Sha256.of(large);
    assertThat(FirstReadingReceipts.sha256OfBegunFile(paths(), unit)).isNull();
    assertThat(FirstReadingReceipts.sha256OfBegunFile(paths(), next)).isNull();
    assertThat(FirstReadingReceipts.sha256OfBegunFile(paths(), first)).isEqualTo(sha256);
    note(first, List.of("11"));
    Files.delete(large);
    assertThat(FirstReadingReceipts.sha256OfBegunFile(paths(), first)).isEqualTo(sha256);
  }

  @Test
  void theSameSumsPass() throws IOException {
    note(List.of("11", "22"));
    assertThatCode(() -> FirstReadingReceipts.requireUnchanged(paths(), unit, List.of("11", "22")))
        .doesNotThrowAnyException();
  }

  @Test
  void theFirstFileThatDiffersIsNamed() throws IOException {
    note(List.of("11", "22"));
    assertThatThrownBy(
            () -> FirstReadingReceipts.requireUnchanged(paths(), unit, List.of("11", "33")))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("/corpus/b.txt")
        .hasMessageContaining("run again");
  }

  @Test
  void aRangeThatWasNotCountedIsADifference() throws IOException {
    note(List.of("11"));
    assertThatThrownBy(
            () -> FirstReadingReceipts.requireUnchanged(paths(), unit, List.of("11", "22")))
        .hasMessageContaining("/corpus/b.txt");
  }

  @Test
  void aUnitThatWasNotCountedIsNotCompared() {
    assertThatCode(() -> FirstReadingReceipts.requireUnchanged(paths(), unit, List.of("11", "22")))
        .doesNotThrowAnyException();
  }
}
