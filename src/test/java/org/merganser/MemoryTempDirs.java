package org.merganser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;
import org.merganser.pipeline.OutputTree;

/**
 * Makes the folders of {@code @TempDir} in memory where the machine has room for it: a run waits
 * for the disk after each file that it publishes. Elsewhere they are on the disk, as JUnit makes
 * them. The profiles whose tests write much take JUnit's own ({@code test.folders} of pom.xml).
 *
 * <p>A JVM that was killed leaves its folders; the next one deletes them.
 */
public final class MemoryTempDirs implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** What must be free there, as on a machine of 8 GiB, which two JVMs of tests need as well. */
  private static final long ROOM = 3L << 30;

  private static final String PREFIX = "merganser-tests-";
  private static final Optional<Path> PARENT = parent();

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    return PARENT.isPresent()
        ? Files.createTempDirectory(PARENT.get(), "junit-")
        : Files.createTempDirectory("junit-");
  }

  private static Optional<Path> parent() {
    try {
      if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ROOM) {
        return Optional.empty();
      }
      deleteThoseOfEndedProcesses();
      Path parent = MEMORY.resolve(PREFIX + ProcessHandle.current().pid());
      Files.createDirectory(parent);
      parent.toFile().deleteOnExit(); // it is empty by then
      return canRunPrograms(parent) ? Optional.of(parent) : Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void deleteThoseOfEndedProcesses() throws IOException {
    List<Path> others;
    try (Stream<Path> all = Files.list(MEMORY)) {
      others =
          all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
              .filter(Files::isWritable) // not of another user
              .toList();
    }
    for (Path other : others) {
      long process = Long.parseLong(other.getFileName().toString().substring(PREFIX.length()));
      if (ProcessHandle.of(process).isEmpty()) {
        OutputTree.delete(other);
      }
    }
  }

  /** Containers mount it without that, and some tests write scripts. */
  private static boolean canRunPrograms(Path parent) throws IOException {
    Path script = Files.createFile(parent.resolve("script"));
    boolean can = script.toFile().setExecutable(true) && Files.isExecutable(script);
    Files.delete(script);
    return can;
  }
}
