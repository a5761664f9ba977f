package org.merganser.pipeline.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.store.FileStore;

/** The order in which a version replaces another one on a store without rename. */
final class CopiedCommitTest {
  private static final String F = "0123456789abcdef".repeat(2);
  private static final String SHARD = "shards/parquet/part-0000003-000.parquet";
  private static final String BEGUN = "run/units/" + F + "/0000003.begun";
  private static final List<String> OF_A_VERSION =
      List.of("manifest.json", "run/finished.json", "run/damaged", "report.html");

  @TempDir Path folder;
  private OutputPaths output;
  private RunPaths run;
  private FileStore store;

  @BeforeEach
  void publishAVersion() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    output = OutputPaths.of("mem://" + folder.getFileName() + "/out");
    run = RunPaths.of(output, F);
    store = FileStore.of(output.root());
    for (String path : OF_A_VERSION) {
      write(path, "old");
    }
    write("run/run.json", "old");
    write(SHARD, "old");
  }

  private void write(String path, String content) throws IOException {
    FileStore.publish(output.at(path), content.getBytes(UTF_8));
  }

  private String read(String path) throws IOException {
    String location = output.at(path);
    return store.exists(location) ? new String(store.readAll(location), UTF_8) : "absent";
  }

  /** A file in the stage. */
  private void stage(String path, SortedMap<String, String> moves) throws IOException {
    write(run.pathInStage(path), "new");
    moves.put(path, run.pathInStage(path));
  }

  @Test
  void aWithdrawnVersionLeavesTheRecordOfTheRunAndTheFilesOfUnits() throws IOException {
    write(run.pathInStage("run/run.json"), "new");
    CopiedCommit.withdraw(run);
    for (String path : OF_A_VERSION) {
      assertThat(read(path)).as(path).isEqualTo("absent");
    }
    assertThat(read("run/run.json")).isEqualTo("new");
    assertThat(read(SHARD)).isEqualTo("old");
  }

  @Test
  void aVersionIsNoneBeforeAllItsFilesAreInPlace() throws IOException {
    SortedMap<String, String> moves = new TreeMap<>();
    for (String path :
        List.of("inputs.jsonl", "manifest.json", "run/finished.json", "run/run.json")) {
      stage(path, moves);
    }
    moves.put("statistics.json", run.pathInStage("statistics.json"));
    assertThatThrownBy(() -> CopiedCommit.publish(output, moves, List.of(SHARD)))
        .isInstanceOf(NoSuchFileException.class);
    for (String path : OF_A_VERSION) {
      assertThat(read(path)).as(path).isEqualTo("absent");
    }
    assertThat(read("run/run.json")).isEqualTo("new");
    assertThat(read("inputs.jsonl")).isEqualTo("new");
    assertThat(read(SHARD)).as("deleted last").isEqualTo("old");

    stage("statistics.json", moves);
    CopiedCommit.publish(output, moves, List.of(SHARD));
    for (String path : moves.keySet()) {
      assertThat(read(path)).as(path).isEqualTo("new");
      assertThat(read(run.pathInStage(path))).as("staged " + path).isEqualTo("absent");
    }
    assertThat(read("report.html")).isEqualTo("absent");
    assertThat(read(SHARD)).isEqualTo("absent");
  }

  @Test
  void theRecordOfTheRunIsInPlaceBeforeTheManifestGoes() throws IOException {
    SortedMap<String, String> moves = new TreeMap<>();
    stage("run/run.json", moves);
    moves.put("dataset.json", run.pathInStage("dataset.json"));
    assertThatThrownBy(() -> CopiedCommit.publish(output, moves, List.of()))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(read("manifest.json")).isEqualTo("absent");
    assertThat(read("run/run.json")).isEqualTo("new");
  }

  /** A run that failed before it had a record has none to copy. */
  @Test
  void aVersionWithoutAManifestIsPublishedWithoutOne() throws IOException {
    SortedMap<String, String> moves = new TreeMap<>();
    stage("inputs.jsonl", moves);
    CopiedCommit.publish(output, moves, List.of());
    assertThat(read("inputs.jsonl")).isEqualTo("new");
    assertThat(read("manifest.json")).isEqualTo("absent");
    assertThat(read("run/run.json")).isEqualTo("old");
  }

  private UnitReceipt receipt(RunPaths paths, String file) throws IOException {
    try (UnitFiles files = new UnitFiles(paths)) {
      files.write(file, new byte[] {1});
      return files.receipt(3, UnitReceipt.ENCODE, F);
    }
  }

  @Test
  void aUnitNotesWhatItPublishesInPlaceUntilItHasItsReceipt() throws IOException {
    UnitReceipt receipt = receipt(run, SHARD);
    CopiedCommit.begin(run, receipt);
    assertThat(UnitReceipt.read(store.readAll(output.at(BEGUN)), BEGUN)).isEqualTo(receipt);
    CopiedCommit.end(run, receipt);
    assertThat(read(BEGUN)).isEqualTo("absent");
  }

  @Test
  void aUnitWhoseFilesAreWorkOrWaitNotesNothing() throws IOException {
    String work = "run/counts/" + F + "-" + F + "/unit-0000003.counts";
    OutputPaths local = OutputPaths.of(folder.resolve("local").toString());
    CopiedCommit.begin(run, receipt(run, work));
    CopiedCommit.begin(run, receipt(run, "dataset.json"));
    CopiedCommit.begin(RunPaths.unstaged(output), receipt(RunPaths.unstaged(output), SHARD));
    assertThat(read(BEGUN)).isEqualTo("absent");
    RunPaths renamed = RunPaths.of(local, F);
    CopiedCommit.begin(renamed, receipt(renamed, SHARD));
    assertThat(folder.resolve("local").resolve(BEGUN)).doesNotExist();
  }
}
