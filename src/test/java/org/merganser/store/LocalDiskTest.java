package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of local folders, and what of them is forced to the disk. */
final class LocalDiskTest {
  private final List<String> changes = new ArrayList<>();
  private final LocalDisk.Recorder before = LocalDisk.recorder;

  @TempDir Path folder;

  @BeforeEach
  void record() {
    LocalDisk.recorder =
        new LocalDisk.Recorder() {
          @Override
          public void moved(Path from, Path to) {
            changes.add("move " + name(from) + " " + name(to));
          }

          @Override
          public void deleted(Path path) {
            changes.add("delete " + name(path));
          }

          @Override
          public void forced(Path path) {
            changes.add("force " + name(path));
          }
        };
  }

  private String name(Path path) {
    return folder.relativize(path).toString();
  }

  @AfterEach
  void stop() {
    LocalDisk.recorder = before;
  }

  @Test
  void aNewFolderIsForcedInEachFolderThatGetsAName() throws IOException {
    LocalDisk.createFolders(folder.resolve("a/b/c"));
    assertThat(folder.resolve("a/b/c")).isDirectory();
    assertThat(changes).containsExactly("force ", "force a", "force a/b");
    LocalDisk.createFolders(folder.resolve("a/b"));
    assertThat(changes).hasSize(3);
  }

  /** An iterator can only throw an unchecked exception, which nobody expects of a disk. */
  @Test
  void anErrorWhileAFolderIsReadIsThatOfTheDisk() {
    IOException failure = new IOException("Input/output error");
    DirectoryStream<Path> stream =
        new DirectoryStream<>() {
          @Override
          public Iterator<Path> iterator() {
            throw new DirectoryIteratorException(failure);
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> LocalDisk.read(stream)).isSameAs(failure);
  }

  @Test
  void findsTheEntriesOfAFolderByAGlob() throws IOException {
    Path copy = Files.createFile(folder.resolve("a.copy"));
    Files.createFile(folder.resolve("a.tmp"));
    assertThat(LocalDisk.matching(folder, "*.{f32,copy}")).containsExactly(copy);
  }

  @Test
  void aDeleteOfNothingIsNoChange() throws IOException {
    LocalDisk.delete(folder.resolve("missing"));
    assertThat(changes).isEmpty();
    LocalDisk.delete(Files.createFile(folder.resolve("file")));
    assertThat(changes).containsExactly("delete file");
  }

  @Test
  void aMoveReplacesAndAForceIsSeen() throws IOException {
    Files.writeString(folder.resolve("old"), "old");
    Path made = Files.writeString(folder.resolve("new"), "new");
    LocalDisk.forceFile(made);
    LocalDisk.move(made, folder.resolve("old"));
    assertThat(folder.resolve("old")).hasContent("new");
    assertThat(changes).containsExactly("force new", "move new old");
  }

  /** A user's folder behind a link is not deleted with the link. */
  @Test
  void aTreeIsDeletedWithItsLinksAndNotWithTheirTargets() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    Files.createFile(kept.resolve("a user's"));
    Path tree = Files.createDirectories(folder.resolve("tree/deep"));
    Files.createFile(tree.resolve("file"));
    Files.createSymbolicLink(tree.resolve("link"), kept);
    LocalDisk.deleteTree(folder.resolve("tree"));
    assertThat(folder.resolve("tree")).doesNotExist();
    assertThat(kept.resolve("a user's")).exists();
    LocalDisk.deleteTree(folder.resolve("tree"));
    assertThat(changes)
        .containsExactlyInAnyOrder(
            "delete tree/deep/file", "delete tree/deep/link", "delete tree/deep", "delete tree");
  }
}
