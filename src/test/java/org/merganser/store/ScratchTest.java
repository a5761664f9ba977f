package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dead processes leave on the worker's disk goes, what lives stays. */
class ScratchTest {
  private static final String PROPERTY = "merganser.scratch";

  @TempDir Path root;
  private String before;

  @BeforeEach
  void takeAnotherRoot() {
    before = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, root.toString());
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
    System.clearProperty(PROPERTY);
    String user = System.getProperty("user.name");
    try {
      System.setProperty("user.name", "ada");
      Path ada = Scratch.root();
      assertThat(ada)
          .isEqualTo(Path.of(System.getProperty("java.io.tmpdir"), "merganser-scratch-ada"));
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
    Path own = folder("process-" + ProcessHandle.current().pid() + "-1");
    try (FileChannel lock = FileChannel.open(own.resolve("lock"), StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
      Scratch.sweep();
      assertThat(dead).doesNotExist();
      assertThat(own.resolve("draft-1")).exists();
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
    System.setProperty(PROPERTY, root.resolve("none").toString());
    Scratch.sweep();
    assertThat(root.resolve("none")).doesNotExist();
  }

  @Test
  void draftsOfAFailedRunAreDeletedBelowItsFolderAlone() throws IOException {
    FileStore store = FileStore.of(root.toString());
    FileStore.Draft mine = store.draft(root.resolve("a/file").toString());
    FileStore.Draft others = store.draft(root.resolve("b/file").toString());
    Files.writeString(mine.file(), "x");
    Files.writeString(others.file(), "x");
    FileStore.abandonDrafts(root.resolve("a").toString());
    assertThat(mine.file()).doesNotExist();
    assertThat(others.file()).exists();
    mine.close();
    others.close();
    assertThat(others.file()).doesNotExist();
  }
}
