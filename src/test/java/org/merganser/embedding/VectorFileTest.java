package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;

/** Vectors on a scratch disk. */
final class VectorFileTest {
  @TempDir Path folder;

  @Test
  void aFullScratchDiskNamesTheFile() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeThat(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()))
        .as("this user may mount a small disk")
        .isZero();
    try (VectorFile vectors = new VectorFile(disk, 256)) {
      assertThatThrownBy(
              () -> {
                for (int row = 0; row < 3000; row++) {
                  vectors.add(new float[256]);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(disk + "/vectors-")
          .hasMessageEndingWith(": No space left on device");
    } finally {
      assertThat(command("umount", "-l", disk.toString())).isZero();
    }
  }

  private static int command(String... command) throws InterruptedException {
    try {
      return ChildProcess.start(
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD))
          .waitFor();
    } catch (IOException notInstalled) {
      return 127;
    }
  }
}
