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
 * Makes the folders of {@code @TempDir} in memory if the machine has room for them, since a run
 * waits for the disk after each file that it publishes. Otherwise they are on the disk, as JUnit
 * makes them. The profiles whose tests write much use JUnit's own ({@code test.folders} in
 * pom.xml).
 *
 * <p>A JVM that was killed leaves its folders; the next one deletes them.
 */
public final class MemoryTempDirs implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** The bytes that must be free there: a machine of 8 GiB has them beside two JVMs of tests. */
  private static final long LEAST_FREE = 3L << 30;

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
      if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < LEAST_FREE) {
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

  /** Whether a script in the folder can be run, as some tests do; containers may forbid it. */
  private static boolean canRunPrograms(Path parent) throws IOException {
    Path script = Files.createFile(parent.resolve("script"));
    boolean canRun = script.toFile().setExecutable(true) && Files.isExecutable(script);
    Files.delete(script);
    return canRun;
  }
}
