package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.store.FileStore.Links;

/** Which files a listing of a local folder has, under which paths, and what it refuses. */
final class LocalTreeTest {
  @TempDir Path temporary;
  private Path folder;
  private Path elsewhere;
  private final List<String> walkedAgain = new ArrayList<>();

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(temporary.resolve("folder"));
    elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
  }

  private void write(Path root, String... paths) throws IOException {
    for (String path : paths) {
      Files.createDirectories(root.resolve(path).getParent());
      Files.writeString(root.resolve(path), "x");
    }
  }

  private void link(String path, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(path), target);
  }

  /** Takes what does not end in ".no", and enters no folder of the name "shut". */
  private List<String> list(Links links) throws IOException {
    FileStore.Filter filter =
        new FileStore.Filter() {
          @Override
          public boolean takes(String path) {
            return !path.endsWith(".no");
          }

          @Override
          public boolean enters(String path) {
            return !path.endsWith("shut");
          }

          @Override
          public boolean skipsDanglingLink(String path) {
            return path.endsWith("dangling-passed");
          }

          @Override
          public Links links() {
            return links;
          }

          @Override
          public void noteOtherPath(String path) {
            walkedAgain.add(path);
          }
        };
    return LocalTree.list(folder, filter).stream()
        .map(entry -> folder.relativize(Path.of(entry.location())).toString())
        .toList();
  }

  @Test
  void sortsByThePathsAndNotByTheNamesOfEachFolder() throws IOException {
    write(folder, "a/b", "a-b", "a0", "B", "a.no", "shut/x", "é", "~");
    for (Links links : Links.values()) {
      assertThat(list(links)).as("%s", links).containsExactly("B", "a-b", "a/b", "a0", "~", "é");
    }
  }

  @Test
  void linksAreFollowedListedOrFollowedToFoldersOnly() throws IOException {
    write(folder, "own");
    write(elsewhere, "there/file", "text.txt");
    link("file.txt", elsewhere.resolve("text.txt"));
    link("folder", elsewhere.resolve("there"));
    link("refused.no", elsewhere.resolve("text.txt"));
    link("shut", elsewhere.resolve("there"));
    assertThat(list(Links.FOLLOWED)).containsExactly("file.txt", "folder/file", "own");
    assertThat(list(Links.TO_FOLDERS)).containsExactly("file.txt", "folder/file", "own");
    assertThat(list(Links.NOT_FOLLOWED)).containsExactly("file.txt", "folder", "own", "shut");
    assertThat(LocalTree.list(folder, path -> path.equals("file.txt")).get(0).size()).isEqualTo(1);
  }

  @Test
  void aFolderIsListedOnceByItsOwnPathOrElseByItsFirstLink() throws IOException {
    write(folder, "own/file");
    write(elsewhere, "there/file");
    link("a-link-to-own", folder.resolve("own"));
    link("b", elsewhere.resolve("there"));
    link("c", elsewhere.resolve("there"));
    List<String> files = list(Links.FOLLOWED);
    assertThat(files).hasSize(2).contains("own/file").containsAnyOf("b/file", "c/file");
    assertThat(walkedAgain)
        .containsExactlyInAnyOrder("a-link-to-own", files.contains("b/file") ? "c" : "b");
    walkedAgain.clear();
    assertThat(list(Links.TO_FOLDERS))
        .hasSize(4)
        .contains("a-link-to-own", "own/file")
        .containsAnyOf("b/file", "c/file");
    assertThat(walkedAgain).isEmpty();
  }

  @Test
  void aLinkToAFolderAboveItIsALoop() throws IOException {
    write(folder, "deep/file");
    link("deep/up", folder);
    assertThatThrownBy(() -> list(Links.FOLLOWED))
        .isInstanceOf(FileSystemLoopException.class)
        .hasMessageContaining(folder.resolve("deep/up") + ": a link leads back to ");
    assertThat(list(Links.TO_FOLDERS)).containsExactly("deep/file", "deep/up");
    assertThat(list(Links.NOT_FOLLOWED)).containsExactly("deep/file", "deep/up");
    Files.delete(folder.resolve("deep/up"));
    link("deep/above", temporary);
    assertThat(list(Links.TO_FOLDERS)).as("the tree is in it").contains("deep/above");
  }

  @Test
  void foldersThatLinkToEachOtherAreListedOnce() throws IOException {
    write(elsewhere, "one/file", "two/file");
    Files.createSymbolicLink(elsewhere.resolve("one/next"), elsewhere.resolve("two"));
    Files.createSymbolicLink(elsewhere.resolve("two/back"), elsewhere.resolve("one"));
    link("in", elsewhere.resolve("one"));
    link("other", elsewhere.resolve("two"));
    assertThat(list(Links.FOLLOWED)).hasSize(2).contains("in/file", "other/file");
  }

  /** The folders above a link are those of its own path, not of the link followed before it. */
  @Test
  void aLinkToAFolderBesideItIsNoLoop() throws IOException {
    write(folder, "deep/file");
    write(elsewhere, "file");
    link("deep/out", elsewhere);
    link("z", folder.resolve("deep"));
    assertThat(list(Links.FOLLOWED)).containsExactly("deep/file", "deep/out/file");
    assertThat(walkedAgain).containsExactly("z");
  }

  @Test
  void aLinkThatLeadsNowhereIsAnErrorUnlessItIsPassedOver() throws IOException {
    write(folder, "a");
    link("dangling-passed", elsewhere.resolve("gone"));
    assertThat(list(Links.FOLLOWED)).containsExactly("a");
    link("dangling", elsewhere.resolve("gone"));
    assertThatThrownBy(() -> list(Links.FOLLOWED))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(folder.resolve("dangling").toString())
        .hasMessageContaining("a link to " + elsewhere.resolve("gone") + ", which does not exist");
    assertThat(list(Links.NOT_FOLLOWED)).containsExactly("a", "dangling", "dangling-passed");
    assertThatThrownBy(() -> LocalTree.list(folder, path -> true))
        .hasMessageContaining("which does not exist");
    Files.delete(folder.resolve("dangling"));
    link("itself", folder.resolve("itself"));
    assertThatThrownBy(() -> list(Links.FOLLOWED))
        .isInstanceOf(FileSystemLoopException.class)
        .hasMessageContaining(
            "a link to " + folder.resolve("itself") + " that never ends at a file");
  }

  /** The first problem was thrown in the inner folder, and found again in each folder above it. */
  @Test
  void aThousandProblemsInAFolderWithinAFolderEndTheWalk() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    for (int i = 10_000; i < 11_010; i++) {
      link("a/b/" + i, elsewhere.resolve("gone"));
    }
    link("z", elsewhere.resolve("gone"));
    FileSystemException first =
        catchThrowableOfType(FileSystemException.class, () -> list(Links.FOLLOWED));
    assertThat(first).hasMessageContaining(folder.resolve("a/b/10000").toString());
    assertThat(first.getSuppressed()).hasSize(999).doesNotHaveDuplicates();
  }

  @Test
  void everyPathThatIsNoFileIsNamedAtOnce() throws Exception {
    Path[] pipes = {folder.resolve("pipe-a"), folder.resolve("pipe-b")};
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
    for (Path pipe : pipes) {
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    }
    write(folder, "file");
    FileSystemException first =
        catchThrowableOfType(FileSystemException.class, () -> list(Links.FOLLOWED));
    assertThat(first).hasMessageContaining("neither a file nor a folder");
    assertThat(first.getSuppressed()).hasSize(1);
    assertThat(List.of(first.getFile(), ((FileSystemException) first.getSuppressed()[0]).getFile()))
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(pipes).map(Path::toString).toList());
    assertThat(list(Links.TO_FOLDERS)).containsExactly("file", "pipe-a", "pipe-b");
  }

  @Test
  void aLinkHasNoStateOfItsOwnAndAFileHas() throws IOException {
    write(folder, "file");
    link("link", folder.resolve("file"));
    List<FileStore.Entry> listed =
        LocalTree.list(
            folder,
            new FileStore.Filter() {
              @Override
              public boolean takes(String path) {
                return true;
              }

              @Override
              public Links links() {
                return Links.NOT_FOLLOWED;
              }
            });
    Assumptions.assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
    assertThat(listed.get(0).state()).isNotZero();
    assertThat(listed.get(1).state()).isZero();
  }

  @Test
  void namesAreUtf8InEveryLocale() throws IOException {
    assertThat(PrintablePath.of(Path.of("é", "b", "ü.txt"))).isEqualTo("é/b/ü.txt");
    assertThat(PrintablePath.of(Path.of(""))).isEmpty();
  }
}
