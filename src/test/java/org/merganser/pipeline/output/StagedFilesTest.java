package org.merganser.pipeline.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files that an interrupted run has left in its stage. */
final class StagedFilesTest {
  private static final String F = "0123456789abcdef".repeat(2);
  private static final String OTHER = "fedcba9876543210".repeat(2);
  private static final String SHARD = "shards/parquet/part-0000000-000.parquet";

  @TempDir Path folder;
  private Path out;
  private OutputLayout published;

  @BeforeEach
  void makeAnOutput() {
    out = folder.resolve("out");
    published = OutputLayout.of(out.toString(), false);
  }

  private void write(String path) throws IOException {
    Files.createDirectories(out.resolve(path).getParent());
    Files.writeString(out.resolve(path), "x");
  }

  @Test
  void theSameRunGoesOnWithItsUnitsAndWithoutItsRecords() throws IOException {
    String stage = ".merganser-staged/" + F + "/";
    write(stage + SHARD);
    write(stage + "manifest.json");
    write(stage + "report.html");
    write(stage + "run/finished.json");
    write(stage + "states/" + F + F + "/manifest.json");
    write(".merganser-staged/" + OTHER + "/" + SHARD);
    assertThat(StagedFiles.runs(published)).containsExactly(F, OTHER);
    assertThat(StagedFiles.open(RunLayout.of(published, F))).isEqualTo(1);
    assertThat(StagedFiles.paths(published)).containsExactly(stage + SHARD);
  }

  @Test
  void anotherRunTakesOverTheStageUnderItsOwnName() throws IOException {
    write(".merganser-staged/" + OTHER + "/" + SHARD);
    write(".merganser-staged/" + OTHER + "/notes.txt");
    assertThat(StagedFiles.open(RunLayout.of(published, F))).isEqualTo(1);
    assertThat(StagedFiles.paths(published))
        .containsExactly(".merganser-staged/" + F + "/" + SHARD);
  }

  @Test
  void aStageThatIsGivenUpIsDeletedWithItsFolders() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Files.createDirectories(out.resolve("shards"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk);
    write(".merganser-staged/" + F + "/manifest.json");
    write("shards/parquet/.merganser-staged/" + F + "/part-0000000-000.parquet");
    write("shards/parquet/part-0000001-000.parquet");
    assertThat(StagedFiles.entries(published)).hasSize(2);
    StagedFiles.discard(published);
    assertThat(StagedFiles.paths(published)).isEmpty();
    assertThat(out.resolve(".merganser-staged")).doesNotExist();
    assertThat(disk.resolve(".merganser-staged")).doesNotExist();
    assertThat(disk.resolve("part-0000001-000.parquet")).exists();
  }

  @Test
  void saysForWhichPlaceAFileWaits() {
    assertThat(StagedFiles.place(".merganser-staged/" + F + "/" + SHARD)).isEqualTo(SHARD);
    assertThat(StagedFiles.place("shards/parquet/.merganser-staged/" + F + "/part-1"))
        .isEqualTo("shards/parquet/part-1");
  }
}
