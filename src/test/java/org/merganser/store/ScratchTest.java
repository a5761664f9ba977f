package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;

/** What dead processes leave on the worker's disk goes, what lives stays. */
class ScratchTest {
  private static final String PROPERTY = "merganser.scratch";

  @TempDir Path base;
  private Path root;
  private String before;

  @BeforeEach
  void takeAnotherRoot() throws IOException {
    before = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, base.toString());
    root = Scratch.folder();
  }

  @AfterEach
  void giveItBack() {
    if (before == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, before);
    }
  }

  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(folder.resolve("draft-1"), "half a shard");
    Files.createFile(folder.resolve("lock"));
    return folder;
  }

  @Test
  void eachUserOfAMachineHasAFolderOfTheirOwn() {
    String user = System.getProperty("user.name");
    try {
      System.setProperty("user.name", "ada");
      Path ada = Scratch.root();
      assertThat(ada).isEqualTo(base.resolve("merganser-scratch-ada"));
      System.setProperty("user.name", "DOM\\Eva M\u00fcller/..");
      assertThat(Scratch.root()).hasParentRaw(ada.getParent()).isNotEqualTo(ada);
      assertThat(Scratch.root().getFileName()).hasToString("merganser-scratch-DOM_Eva_M_ller_..");
    } finally {
      System.setProperty("user.name", user);
    }
  }

  @Test
  void sweepsTheFolderOfADeadProcessAndKeepsThatOfThisOne() throws IOException {
    Path dead = folder("process-4194305-1");
    Files.writeString(Files.createDirectory(dead.resolve("excluded-ids-1")).resolve("0"), "ids");
    Path own = folder("process-" + ProcessHandle.current().pid() + "-1");
    try (FileChannel lock = FileChannel.open(own.resolve("lock"), StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
      Scratch.sweep();
      assertThat(dead).doesNotExist();
      assertThat(own.resolve("draft-1")).exists();
    }
  }

  /** The lock is not lost to a garbage collection of the process that holds it. */
  @Test
  void keepsTheFolderOfAnotherProcessAsLongAsItLives() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
            JavaProcess.command(
                List.of("-D" + PROPERTY + "=" + base), HoldsAFolder.class.getName(), List.of()));
    Process another = ChildProcess.start(command.redirectError(ProcessBuilder.Redirect.INHERIT));
    Path its;
    try (BufferedReader said = another.inputReader()) {
      its = Path.of(said.readLine());
      Scratch.sweep();
      assertThat(its.resolve("lock")).exists();
    } finally {
      another.destroyForcibly().waitFor();
    }
    Scratch.sweep();
    assertThat(its).doesNotExist();
  }

  /** Names its folder when it has collected garbage, and lives until it is killed. */
  static final class HoldsAFolder {
    public static void main(String[] args) throws IOException {
      Path folder = Scratch.processFolder();
      for (int i = 0; i < 5; i++) {
        System.gc();
      }
      System.out.println(folder);
      System.in.read();
    }
  }

  @Test
  void sweepsTemporaryCopiesOfYesterdayAndKeepsFinishedOnes() throws IOException {
    Path old = Files.writeString(root.resolve("table-1.tmp"), "half a table");
    Path young = Files.writeString(root.resolve("table-2.tmp"), "half a table");
    Path finished = Files.writeString(root.resolve("0123-32.f32"), "a table");
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(finished, longAgo);
    Scratch.sweep();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(finished).exists();
  }

  @Test
  void aMissingRootIsNothingToSweep() throws IOException {
    System.setProperty(PROPERTY, base.resolve("none").toString());
    Scratch.sweep();
    assertThat(base.resolve("none")).doesNotExist();
  }

  @Test
  void isMadeForItsOwnerAloneAndClosedToOthersWhereItIsOpen() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
    Path other = Files.createDirectories(base.resolve("other"));
    Path open = Files.createDirectory(other.resolve(root.getFileName()));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    System.setProperty(PROPERTY, other.toString());
    assertThat(Scratch.folder()).isEqualTo(open);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
        .isEqualTo("rwx------");
  }

  @Test
  void aLinkInItsPlaceIsRefusedAndNothingBehindItIsDeleted() throws IOException {
    Path other = Files.createDirectories(base.resolve("other"));
    Path victim = Files.createDirectories(base.resolve("victim/process-4194305-1"));
    Files.writeString(victim.resolve("draft-1"), "of somebody else");
    Files.createFile(victim.resolve("lock"));
    Files.createSymbolicLink(other.resolve(root.getFileName()), victim.getParent());
    System.setProperty(PROPERTY, other.toString());
    assertThatThrownBy(Scratch::folder)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is a link or a file, not a folder; remove it")
        .hasMessageContaining("-Dmerganser.scratch");
    assertThatThrownBy(Scratch::sweep).isInstanceOf(FileSystemException.class);
    assertThat(victim.resolve("draft-1")).exists();
  }

  @Test
  void aFolderOfAnotherUserIsRefused() throws IOException {
    Path other = Files.createDirectories(base.resolve("other"));
    Path theirs = Files.createDirectory(other.resolve(root.getFileName()));
    try {
      Files.setOwner(
          theirs,
          theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    } catch (IOException e) {
      assumeTrue(false, "only root may give a folder away: " + e);
    }
    System.setProperty(PROPERTY, other.toString());
    assertThatThrownBy(Scratch::folder).hasMessageContaining("belongs to nobody, not to ");
  }

  @Test
  void aLinkBelowItIsDeletedAndNotFollowed() throws IOException {
    Path victim = Files.createDirectories(base.resolve("victim"));
    Files.writeString(victim.resolve("letter"), "of somebody else");
    Files.createFile(victim.resolve("lock"));
    Path link = Files.createSymbolicLink(root.resolve("process-4194305-1"), victim);
    Scratch.sweep();
    assertThat(link.toFile().exists()).isFalse();
    assertThat(victim.resolve("letter")).exists();
    assertThat(victim.resolve("lock")).exists();
  }

  @Test
  void aPlaceThatCannotHoldItIsNamedWithTheNextStep() throws IOException {
    Path file = Files.writeString(base.resolve("file"), "x");
    System.setProperty(PROPERTY, file.toString());
    assertThatThrownBy(Scratch::folder)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(file + "/" + root.getFileName())
        .hasMessageContaining("cannot be made")
        .hasMessageContaining("TMPDIR");
  }

  @Test
  void theOldestCopiesGoBeyondTheLimit() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path copy = Files.write(root.resolve(i + "-8.f32"), new byte[100]);
      Files.setLastModifiedTime(copy, FileTime.fromMillis(1000L * (i + 1)));
    }
    Scratch.markUsed(root.resolve("0-8.f32"));
    ScratchCleaning.deleteCopies(Scratch.root(), 250);
    assertThat(root.resolve("0-8.f32")).exists();
    assertThat(root.resolve("1-8.f32")).doesNotExist();
    assertThat(root.resolve("2-8.f32")).doesNotExist();
    assertThat(root.resolve("3-8.f32")).exists();
  }

  @Test
  void draftsOfAFailedRunAreDeletedBelowItsFolderAlone() throws IOException {
    FileStore store = FileStore.of(root.toString());
    FileStore.Draft mine = store.draft(root.resolve("a/file").toString());
    FileStore.Draft others = store.draft(root.resolve("b/file").toString());
    Files.writeString(mine.file(), "x");
    Files.writeString(others.file(), "x");
    OpenDrafts.abandon(root.resolve("a").toString());
    assertThat(mine.file()).doesNotExist();
    assertThat(others.file()).exists();
    mine.close();
    others.close();
    assertThat(others.file()).doesNotExist();
  }

  @Test
  void aCopyIsDeletedWithItsChecksum() throws IOException {
    for (String name : List.of("old.copy", "new.copy")) {
      Path copy = Files.write(root.resolve(name), new byte[100]);
      Files.writeString(Scratch.sumOf(copy), "sum");
    }
    Files.setLastModifiedTime(root.resolve("old.copy"), FileTime.fromMillis(1000));
    ScratchCleaning.deleteCopies(Scratch.root(), 150);
    try (Stream<Path> left = Files.list(root)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .contains("new.copy", "new.copy.sha256")
          .doesNotContain("old.copy", "old.copy.sha256");
    }
  }
}
