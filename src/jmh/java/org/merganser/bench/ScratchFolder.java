package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that is deleted with all that is in it. */
final class ScratchFolder implements AutoCloseable {
  private final Path path;

  /** Creates the folder among the temporary files of the system. */
  ScratchFolder() throws IOException {
    path = Files.createTempDirectory("merganser-bench-");
  }

  /** Creates the folder in another one, so that it is on the same disk. */
  ScratchFolder(Path parent) throws IOException {
    path = Files.createTempDirectory(parent.toAbsolutePath(), "scratch-");
  }

  /** The folder. */
  Path path() {
    return path;
  }

  /** Deletes a folder; targets of links in it are not deleted. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }
}
