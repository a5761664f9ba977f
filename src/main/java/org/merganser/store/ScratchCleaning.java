package org.merganser.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Deletes what is in the {@link Scratch} folder and no process needs: files of dead processes, and
 * copies that were not used for the longest time.
 */
final class ScratchCleaning {
  /** The names of copies: of embedding tables, and of files from stores. */
  private static final String COPIES = "*.{f32,copy}";

  /** The age from which an unfinished file belongs to a dead process: writing takes minutes. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** A copy of a file, and when it was used last. */
  private record Copy(Path path, long size, FileTime used) {}

  private ScratchCleaning() {}

  /**
   * Deletes the folders of dead processes and the files that they left unfinished in the root.
   *
   * @param root the scratch folder
   */
  static void deleteOfDeadProcesses(Path root) throws IOException {
    Instant abandoned = Instant.now().minus(ABANDONED);
    for (Path entry : entries(root, "*")) {
      String name = String.valueOf(entry.getFileName());
      // This process must not try its own lock: closing the file again would release it.
      boolean isOfAnotherProcess =
          name.startsWith(Scratch.FOLDER_PREFIX) && !name.startsWith(Scratch.OWN_PREFIX);
      boolean isUnfinished = name.endsWith(".tmp") || FileStore.isTemporary(name);
      try {
        if (isOfAnotherProcess) {
          deleteIfDead(entry, abandoned);
        } else if (isUnfinished && isOlderThan(entry, abandoned)) {
          Files.deleteIfExists(entry);
        }
      } catch (AccessDeniedException ofAnotherUser) {
        // The processes of that user delete it.
      }
    }
  }

  /**
   * Deletes the least recently used copies, with their checksums, until the rest fits into {@code
   * limit} bytes.
   */
  static void deleteCopies(Path root, long limit) throws IOException {
    List<Copy> copies = new ArrayList<>();
    for (Path path : entries(root, COPIES)) {
      BasicFileAttributes found = PathAttributes.find(path, LinkOption.NOFOLLOW_LINKS);
      if (found != null) { // else another process has deleted it
        copies.add(new Copy(path, found.size(), found.lastModifiedTime()));
      }
    }
    copies.sort(Comparator.comparing(Copy::used).thenComparing(Copy::path));
    long bytes = copies.stream().mapToLong(Copy::size).sum();
    for (Copy copy : copies) {
      if (bytes <= limit) {
        return;
      }
      bytes -= copy.size();
      Files.deleteIfExists(copy.path());
      Files.deleteIfExists(Scratch.sumOf(copy.path()));
    }
  }

  /**
   * Deletes the folder of another process if its lock is free, or if it has no lock and is older
   * than {@code abandoned}: a new folder may not have its lock yet.
   */
  private static void deleteIfDead(Path folder, Instant abandoned) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder); // a file or a link, not its target
      return;
    }
    Path file = folder.resolve(Scratch.LOCK);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return; // its process is alive
      }
      deleteTree(folder);
    } catch (NoSuchFileException e) {
      if (isOlderThan(folder, abandoned)) {
        deleteTree(folder);
      }
    }
  }

  /** Whether a path was last modified before a time; false if it does not exist. */
  private static boolean isOlderThan(Path path, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(path).compareTo(FileTime.from(time)) < 0;
    } catch (NoSuchFileException e) {
      return false; // another process deletes it, too
    }
  }

  /** Deletes a folder with all in it, its lock last; a link in it is deleted and not followed. */
  private static void deleteTree(Path folder) throws IOException {
    for (Path file : entries(folder, "*")) {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        deleteTree(file);
      } else if (!file.endsWith(Scratch.LOCK)) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder.resolve(Scratch.LOCK));
    Files.deleteIfExists(folder);
  }

  /** The entries of a folder that match a glob; empty if another process has deleted it. */
  private static List<Path> entries(Path folder, String glob) throws IOException {
    try {
      return LocalDisk.matching(folder, glob);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
