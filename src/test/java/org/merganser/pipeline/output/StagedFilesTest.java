package org.merganser.pipeline.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.store.FileStore;

/** What becomes of the files that an interrupted run has left in its stage. */
final class StagedFilesTest {
  private static final String F = "0123456789abcdef".repeat(2);
  private static final String OTHER = "fedcba9876543210".repeat(2);
  private static final String SHARD = "shards/parquet/part-0000000-000.parquet";

  @TempDir Path folder;
  private Path out;
  private OutputPaths published;

  @BeforeEach
  void makeAnOutput() {
    out = folder.resolve("out");
    published = OutputPaths.of(out.toString());
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
    assertThat(StagedFiles.open(RunPaths.of(published, F))).isEqualTo(1);
    assertThat(StagedFiles.paths(published)).containsExactly(stage + SHARD);
  }

  @Test
  void anotherRunTakesOverTheStageUnderItsOwnName() throws IOException {
    write(".merganser-staged/" + OTHER + "/" + SHARD);
    write(".merganser-staged/" + OTHER + "/notes.txt");
    assertThat(StagedFiles.open(RunPaths.of(published, F))).isEqualTo(1);
    assertThat(StagedFiles.paths(published))
        .containsExactly(".merganser-staged/" + F + "/" + SHARD);
  }

  @Test
  void aStageIsTakenOverInEveryFolderThatIsALink() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Files.createDirectories(out.resolve("shards"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk);
    write(".merganser-staged/" + OTHER + "/shards/npy/part-0000000-000.npy");
    write("shards/parquet/.merganser-staged/" + OTHER + "/part-0000000-000.parquet");
    RunPaths run = RunPaths.of(published, F);
    assertThat(StagedFiles.open(run)).isEqualTo(2);
    assertThat(run.at(SHARD)).satisfies(location -> assertThat(Path.of(location)).exists());
    assertThat(StagedFiles.runs(published)).containsExactly(F);
  }

  /** A stage that another run has renamed for itself would take units from a run that lives. */
  @Test
  void onAnObjectStoreTheStageOfAnotherRunIsDeleted() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    OutputPaths remote = OutputPaths.of("mem://" + folder.getFileName() + "/out");
    String stage = ".merganser-staged/";
    for (String path :
        List.of(F + "/dataset.json", F + "/manifest.json", OTHER + "/dataset.json")) {
      FileStore.publish(remote.at(stage + path), new byte[1]);
    }
    assertThat(StagedFiles.open(RunPaths.of(remote, F))).isEqualTo(1);
    assertThat(StagedFiles.paths(remote)).containsExactly(stage + F + "/dataset.json");
    FileStore.publish(remote.at(SHARD), new byte[1]);
    assertThat(StagedFiles.open(RunPaths.of(remote, OTHER))).isZero();
    assertThat(StagedFiles.paths(remote)).isEmpty();
    assertThat(FileStore.of(remote.root()).exists(remote.at(SHARD))).isTrue();
    FileStore.publish(remote.at(stage + F + "/dataset.json"), new byte[1]);
    StagedFiles.discard(remote);
    assertThat(StagedFiles.paths(remote)).isEmpty();
    assertThat(FileStore.of(remote.root()).exists(remote.at(SHARD))).isTrue();
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
