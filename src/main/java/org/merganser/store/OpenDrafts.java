package org.merganser.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The drafts of this process: files that are being written and not published yet. They are deleted
 * if the process ends early; those of a process that was killed are deleted by the next one that
 * writes into the same folder.
 */
public final class OpenDrafts {
  /** How long {@link #abandonAll} waits for writers to notice that their drafts are deleted. */
  private static final long CLOSING_MILLIS = 200;

  /**
   * A hash of the machine's name and of the namespace of process ids, of which a machine has one
   * for each container; a random number if they are unknown, so that no process is taken for dead.
   */
  static final int MACHINE = machine();

  /** The prefix of drafts of processes that see each other; the process id follows. */
  private static final String PREFIX =
      FileStore.TEMPORARY_PREFIX + HexFormat.of().toHexDigits(MACHINE) + "-";

  /** The drafts that are neither published nor deleted by their writers. */
  private static final Set<Path> FILES = ConcurrentHashMap.newKeySet();

  /** The folders in which this process has begun a draft. */
  private static final Set<Path> FOLDERS = ConcurrentHashMap.newKeySet();

  /** Whether this process is about to end, so no draft may begin. */
  private static volatile boolean ending;

  private OpenDrafts() {}

  /** As {@link #MACHINE}. */
  private static int machine() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname"));
      Path ids = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      return (name + ids).hashCode();
    } catch (IOException | UnsupportedOperationException e) {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  /**
   * The path of a new draft in a folder. The first call for a folder deletes the drafts that dead
   * processes of this machine left there.
   *
   * @throws IOException if the process ends
   */
  static Path begin(Path folder) throws IOException {
    if (FOLDERS.add(folder)) {
      sweep(folder);
    }
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path file = folder.resolve(PREFIX + ProcessHandle.current().pid() + "-" + random);
    add(file);
    if (ending) {
      remove(file);
      throw new IOException(folder + ": no new file can be written: the process ends");
    }
    return file;
  }

  /** Deletes the drafts in a folder whose process, by the id in their names, does not exist. */
  private static void sweep(Path folder) throws IOException {
    for (Path draft : LocalDisk.matching(folder, PREFIX + "*")) {
      String name = LocalDisk.fileName(draft).toString().substring(PREFIX.length());
      int end = Math.max(0, name.indexOf('-'));
      String pid = name.substring(0, end);
      boolean isNumber = pid.matches("[0-9]{1,18}"); // which fits a long
      if (isNumber && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
        delete(draft);
      }
    }
  }

  /** Whether this process is about to end, because of a signal. */
  public static boolean isEnding() {
    return ending;
  }

  /** Adds a draft that is about to be written at a path of the caller's choice. */
  static void add(Path file) {
    FILES.add(file);
  }

  /** Removes a file that is published or deleted. */
  static void remove(Path file) {
    FILES.remove(file);
  }

  /**
   * Deletes the drafts below a local folder, whose run has failed while other threads of it still
   * write; these threads fail too. The next run deletes drafts that cannot be deleted now.
   */
  public static void abandon(String folder) throws IOException {
    if (FileStore.isLocal(folder)) {
      Path local = FileStore.localPath(folder).toAbsolutePath();
      FILES.stream().filter(file -> file.startsWith(local)).forEach(OpenDrafts::delete);
    }
  }

  /**
   * Deletes all drafts of this process, which is about to end, and prevents new ones; a writer that
   * still runs fails. The next run deletes drafts that cannot be deleted now. A draft that was just
   * begun may still appear, so the deletion is repeated until the failing writers have closed all
   * drafts, at most for {@link #CLOSING_MILLIS}.
   */
  public static void abandonAll() {
    ending = true;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSING_MILLIS);
    do {
      FILES.forEach(OpenDrafts::delete);
      Thread.onSpinWait();
    } while (!FILES.isEmpty() && System.nanoTime() - end < 0);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException ignored) {
      // The next process that begins a draft in this folder deletes the file.
    }
  }
}
