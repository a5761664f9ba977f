package org.merganser.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker's own disk. Below {@link #root()} lie copies that later runs use again, and a folder
 * for each process with what only that one needs. The process holds a lock on a file in its folder,
 * so that the next one knows which are dead and sweeps them.
 */
public final class Scratch {
  private static final String FOLDER_PREFIX = "process-";
  private static final String OWN_PREFIX = FOLDER_PREFIX + ProcessHandle.current().pid() + "-";
  private static final String LOCK = "lock";

  /** What is begun in the root itself takes minutes; what is older was begun by the dead. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private static @Nullable Path own;

  private Scratch() {}

  /**
   * {@code -Dmerganser.scratch}, or {@code merganser-scratch-USER} in the system's temp folder,
   * which all users of a machine may share.
   */
  public static Path root() {
    String named = System.getProperty("merganser.scratch");
    return named == null
        ? Path.of(System.getProperty("java.io.tmpdir"), "merganser-scratch-" + user())
        : Path.of(named);
  }

  /** The user's name as a file name. */
  private static String user() {
    return System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** A folder for this process alone; what dead ones left is swept when it is first asked for. */
  public static synchronized Path ofThisProcess() throws IOException {
    Path folder = own;
    if (folder == null || !Files.isDirectory(folder)) {
      Files.createDirectories(root());
      sweep();
      folder = Files.createTempDirectory(root(), OWN_PREFIX);
      lock(folder);
      own = folder;
    }
    return folder;
  }

  // The channel stays open as long as the process lives: that is the lock.
  @SuppressWarnings("MustBeClosedChecker")
  private static void lock(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new FileSystemException(
          file.toString(), null, "is locked by another process though its name is new");
    }
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
  }

  /** Deletes what dead processes left below the root. */
  public static synchronized void sweep() throws IOException {
    Instant abandoned = Instant.now().minus(ABANDONED);
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root())) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path entry : entries) {
      String name = String.valueOf(entry.getFileName());
      // A lock of this very process must not be asked for: closing the file again would end it.
      boolean another = name.startsWith(FOLDER_PREFIX) && !name.startsWith(OWN_PREFIX);
      try {
        if (another) {
          sweepIfDead(entry, abandoned);
        } else if (name.endsWith(".tmp") && olderThan(entry, abandoned)) {
          Files.deleteIfExists(entry);
        }
      } catch (AccessDeniedException anotherUsers) {
        // They sweep their own.
      }
    }
  }

  private static void sweepIfDead(Path folder, Instant abandoned) throws IOException {
    Path file = folder.resolve(LOCK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return; // its process lives
      }
      delete(folder);
    } catch (NoSuchFileException e) {
      if (olderThan(folder, abandoned)) { // else one that is just being made
        delete(folder);
      }
    }
  }

  private static boolean olderThan(Path path, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(path).compareTo(FileTime.from(time)) < 0;
    } catch (NoSuchFileException e) {
      return false; // another process sweeps, too
    }
  }

  /** A folder of files, the lock last. */
  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!file.endsWith(LOCK)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      return; // another process sweeps, too
    }
    Files.deleteIfExists(folder.resolve(LOCK));
    Files.deleteIfExists(folder);
  }
}
