package org.merganser.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOConsumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;

/** One version replaces another, whatever step the commit is cut at. */
final class CommitTest {
  private static final String STAGE = ".merganser-staged/f/";

  /** A stop that no code of the commit expects. */
  private static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void publishAVersion() throws IOException {
    out = folder.resolve("out");
    write("manifest.json", "manifest A");
    write("inputs.jsonl", "inputs A");
    write("run/finished.json", "finished A");
    write("shards/parquet/part-0000000-000.parquet", "kept");
    write("shards/parquet/part-0000001-000.parquet", "replaced A");
    write("shards/parquet/part-0000002-000.parquet", "deleted");
    write("shards/notes.txt", "a user's");
  }

  private void stage() throws IOException {
    write(STAGE + "manifest.json", "manifest B");
    write(STAGE + "inputs.jsonl", "inputs B");
    write(STAGE + "run/finished.json", "finished B");
    write(STAGE + "shards/parquet/part-0000001-000.parquet", "replaced B");
    write(STAGE + "shards/npy/lang=en/part-0000000-000.npy", "new");
    write(STAGE + "shards/parquet/part-0000009-000.parquet", "of an earlier attempt");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(out.resolve(path).getParent());
    Files.writeString(out.resolve(path), text);
  }

  private SortedMap<String, String> files() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(out)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(out.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }

  /** What lies there when the commit is done. */
  private static final Map<String, String> DONE =
      Map.of(
          "manifest.json", "manifest B",
          "inputs.jsonl", "inputs B",
          "run/finished.json", "finished B",
          "shards/parquet/part-0000000-000.parquet", "kept",
          "shards/parquet/part-0000001-000.parquet", "replaced B",
          "shards/npy/lang=en/part-0000000-000.npy", "new",
          "shards/notes.txt", "a user's");

  private CommitJournal journal() throws IOException {
    SortedMap<String, String> moves = new TreeMap<>();
    for (String path :
        List.of(
            "manifest.json",
            "inputs.jsonl",
            "run/finished.json",
            "shards/parquet/part-0000001-000.parquet",
            "shards/npy/lang=en/part-0000000-000.npy")) {
      moves.put(path, STAGE + path);
    }
    return CommitJournal.of(
        Commit.manifestInPlace(out.toString()),
        Commit.moves(out.toString(), moves, new HashMap<>()),
        List.of("shards/parquet/part-0000002-000.parquet"),
        List.of(".merganser-staged"));
  }

  private void commit(IOConsumer<String> steps) throws IOException {
    Commit.carryOut(out.toString(), journal(), steps);
  }

  private static IOConsumer<String> cutAt(int number) {
    int[] left = {number};
    return step -> {
      if (left[0]-- == 0) {
        throw new Cut();
      }
    };
  }

  private List<String> steps() throws IOException {
    List<String> steps = new ArrayList<>();
    commit(steps::add);
    return steps;
  }

  @Test
  void withdrawsMovesDeletesAndForcesInThisOrder() throws IOException {
    stage();
    assertThat(steps())
        .containsExactly(
            "journal",
            "delete manifest.json",
            "delete run/finished.json",
            "force ",
            "force run",
            "move inputs.jsonl",
            "move shards/npy/lang=en/part-0000000-000.npy",
            "move shards/parquet/part-0000001-000.parquet",
            "delete shards/parquet/part-0000002-000.parquet",
            "force ",
            "force shards/npy/lang=en",
            "force shards/parquet",
            "move manifest.json",
            "force ",
            "move run/finished.json",
            "force run",
            "drop .merganser-staged",
            "drop the journal");
    assertThat(files()).isEqualTo(DONE);
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.NONE);
  }

  @Test
  void isCompletedFromEveryStepAtWhichItIsCut() throws IOException {
    stage();
    SortedMap<String, String> before = files();
    int number = steps().size();
    for (int at = 0; at < number; at++) {
      org.apache.commons.io.FileUtils.deleteDirectory(out.toFile());
      publishAVersion();
      stage();
      IOConsumer<String> cut = cutAt(at);
      assertThatThrownBy(() -> commit(cut)).isInstanceOf(Cut.class);
      if (at == 0) {
        assertThat(files()).isEqualTo(before); // nothing but empty folders
        continue;
      }
      assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.INTERRUPTED);
      for (int again = 0; again <= number - at; again++) { // the completion is cut as well
        try {
          Commit.complete(out.toString(), cutAt(again));
        } catch (Cut cutAgain) {
          assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.INTERRUPTED);
        }
      }
      Commit.complete(out.toString(), step -> {});
      assertThat(files()).as("cut at step %s", at).isEqualTo(DONE);
    }
  }

  /** A reader that finds the manifest finds the files of its version, at every step. */
  @Test
  void noManifestLiesBesideFilesOfAnotherVersion() throws IOException {
    stage();
    commit(
        step -> {
          Map<String, String> now = files();
          boolean old = "manifest A".equals(now.get("manifest.json"));
          boolean made = "manifest B".equals(now.get("manifest.json"));
          if (old || made) {
            assertThat(now)
                .as(step)
                .containsEntry(
                    "shards/parquet/part-0000001-000.parquet", old ? "replaced A" : "replaced B")
                .containsEntry("inputs.jsonl", old ? "inputs A" : "inputs B");
            assertThat(now.containsKey("shards/parquet/part-0000002-000.parquet")).isEqualTo(old);
          }
        });
  }

  /** Whoever made the folder may have written its journal. */
  @Test
  void aJournalThatNamesAPlaceOutsideOfTheFolderIsDamaged() throws IOException {
    for (String place : List.of("../precious", "/precious", "shards/../../precious", "")) {
      CommitJournal.of(
              null,
              List.of(new CommitJournal.Move("manifest.json", "staged", 1, 1, "ab")),
              List.of(place),
              List.of(".merganser-staged"))
          .publish(out.toString());
      assertThat(Commit.state(out.toString())).as(place).isEqualTo(Commit.State.DAMAGED);
    }
  }

  @Test
  void aFirstVersionIsPublishedInTheSameWay() throws IOException {
    org.apache.commons.io.FileUtils.deleteDirectory(out.toFile());
    stage();
    commit(step -> {});
    assertThat(files())
        .containsEntry("manifest.json", "manifest B")
        .doesNotContainKey(STAGE + "shards/parquet/part-0000009-000.parquet");
  }

  @Test
  void aTargetThatIsAFolderOrLiesInAFileIsRefusedBeforeTheJournal() throws IOException {
    stage();
    write("shards/npy", "a file where a folder must be");
    SortedMap<String, String> before = files();
    assertThatThrownBy(() -> commit(step -> {}))
        .isInstanceOf(Commit.TargetException.class)
        .hasMessage(out + "/shards/npy/lang=en: is a file, where this run needs a folder");
    assertThat(files()).isEqualTo(before);
    Files.delete(out.resolve("shards/npy"));
    Files.createDirectories(out.resolve("inputs.jsonl.d"));
    Files.delete(out.resolve("inputs.jsonl"));
    Files.createDirectories(out.resolve("inputs.jsonl/x"));
    assertThatThrownBy(() -> commit(step -> {}))
        .isInstanceOf(Commit.TargetException.class)
        .hasMessageContaining("inputs.jsonl: is a folder");
    assertThat(CommitJournal.exists(out.toString())).isFalse();
  }

  /** A rename from the stage must work before the journal says that it will happen. */
  @Test
  void aTargetOnAnotherFileSystemIsRefusedBeforeTheJournal() throws IOException {
    assumeThat(Path.of("/proc/self")).isDirectory();
    stage();
    Files.createDirectories(out.resolve("shards/npy"));
    Files.createSymbolicLink(out.resolve("shards/npy/lang=en"), Path.of("/proc/self"));
    SortedMap<String, String> before = files();
    assertThatThrownBy(() -> commit(step -> {}))
        .isInstanceOf(Commit.TargetException.class)
        .hasMessageContaining("shards/npy/lang=en: no file can be moved there and deleted: ");
    assertThat(files()).isEqualTo(before); // the file that was tried is gone
    assertThat(CommitJournal.exists(out.toString())).isFalse();
  }

  @Test
  void aCopyOfACutOutputMayLackEmptyFolders() throws IOException {
    stage();
    assertThatThrownBy(() -> commit(cutAt(1))).isInstanceOf(Cut.class);
    Files.delete(out.resolve("shards/npy/lang=en"));
    Files.delete(out.resolve("shards/npy"));
    Commit.complete(out.toString(), step -> {});
    assertThat(files()).isEqualTo(DONE);
  }

  @Test
  void sumsThatAreKnownAreNotComputedAgain() throws IOException {
    SortedMap<String, String> moves = new TreeMap<>(Map.of("a", "stage/a", "b", "stage/b"));
    write("stage/a", "one");
    write("stage/b", "two");
    assertThat(Commit.moves(out.toString(), moves, Map.of("a", "known")))
        .extracting(CommitJournal.Move::sha256)
        .containsExactly("known", Sha256.of(out.resolve("stage/b")));
  }

  @Test
  void aManifestThatIsNoFileIsNone() throws IOException {
    assertThat(Commit.manifestInPlace(out.toString()))
        .isEqualTo(Sha256.of(out.resolve("manifest.json")));
    Files.delete(out.resolve("manifest.json"));
    Files.createDirectory(out.resolve("manifest.json"));
    assertThat(Commit.manifestInPlace(out.toString())).isNull();
  }

  @Test
  void aManifestThatCannotBeReadIsAnErrorAndNotNone() throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // there is no memory at address 0
    Assumptions.assumeTrue(Files.exists(unreadable));
    Path manifest = out.resolve("manifest.json");
    Files.delete(manifest);
    Files.createSymbolicLink(manifest, unreadable);
    assertThatThrownBy(() -> Commit.manifestInPlace(out.toString()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(manifest.toString());
  }

  @Test
  void aFolderThatIsALinkIsCommittedThroughItsOwnStage() throws IOException {
    Path disk = Files.move(out.resolve("shards/parquet"), folder.resolve("disk"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk);
    String stage = "shards/parquet/" + STAGE;
    write(STAGE + "manifest.json", "manifest B");
    write(stage + "part-0000001-000.parquet", "replaced B");
    SortedMap<String, String> moves = new TreeMap<>();
    moves.put("manifest.json", STAGE + "manifest.json");
    moves.put("shards/parquet/part-0000001-000.parquet", stage + "part-0000001-000.parquet");
    Commit.carryOut(
        out.toString(),
        CommitJournal.of(
            Commit.manifestInPlace(out.toString()),
            Commit.moves(out.toString(), moves, new HashMap<>()),
            List.of("shards/parquet/part-0000002-000.parquet"),
            List.of(".merganser-staged", "shards/parquet/.merganser-staged")),
        step -> {});
    assertThat(disk.resolve("part-0000001-000.parquet")).hasContent("replaced B");
    assertThat(disk.resolve("part-0000002-000.parquet")).doesNotExist();
    assertThat(disk.resolve(".merganser-staged")).doesNotExist();
    assertThat(Files.isSymbolicLink(out.resolve("shards/parquet"))).isTrue();
  }

  private void cutAfterTheFirstMove() {
    int[] moved = {0};
    assertThatThrownBy(
            () ->
                commit(
                    step -> {
                      if (step.startsWith("move") && moved[0]++ == 1) {
                        throw new Cut();
                      }
                    }))
        .isInstanceOf(Cut.class);
  }

  @Test
  void aManifestOfAnotherVersionStopsTheCompletion() throws IOException {
    stage();
    cutAfterTheFirstMove();
    write("manifest.json", "from a backup");
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.OF_ANOTHER_VERSION);
    write("manifest.json", "manifest A");
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.INTERRUPTED);
    assertThat(CommitJournal.read(out.toString()).moves()).hasSize(5);
    Files.writeString(out.resolve("run/commit.json"), "{}");
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.DAMAGED);
    Commit.deleteJournal(out.toString());
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.NONE);
  }

  @Test
  void aMovedFileIsKnownByItsTimeOrItsBytes() throws IOException {
    stage();
    cutAfterTheFirstMove();
    assertThat(out.resolve(STAGE + "inputs.jsonl")).doesNotExist();
    Files.setLastModifiedTime(out.resolve("inputs.jsonl"), FileTime.fromMillis(0)); // a copy of OUT
    Commit.complete(out.toString(), step -> {});
    assertThat(files()).isEqualTo(DONE);
  }

  @Test
  void aMovedFileWithOtherBytesIsNamedAndNothingElseIsDone() throws IOException {
    stage();
    cutAfterTheFirstMove();
    write("inputs.jsonl", "inputs X"); // as long as it should be
    Files.setLastModifiedTime(out.resolve("inputs.jsonl"), FileTime.fromMillis(0));
    assertThatThrownBy(() -> Commit.complete(out.toString(), step -> {}))
        .isInstanceOf(Commit.LostFileException.class)
        .hasMessageContaining("inputs.jsonl")
        .hasMessageContaining(
            Sha256.of("inputs B".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("--replace");
    assertThat(out.resolve("manifest.json")).doesNotExist();
    assertThat(out.resolve("shards/parquet/part-0000002-000.parquet")).exists();
  }
}
