package org.merganser.pipeline.output.version;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.store.LocalDisk;
import org.merganser.store.PathAttributes;

/**
 * The right to write into an output folder, for one run at a time. It is a lock of the operating
 * system on {@code run/lock}. The lock ends with its process in every case, so a dead run never
 * keeps a folder. {@code run/holder.json} names the {@link LockHolder}. The lock file is never
 * deleted: a lock on a deleted file would not stop another run.
 *
 * <p>Object stores have no locks, so users must avoid two runs into one folder there. Two such runs
 * cannot damage the output, since both write the same bytes or different names, but they do the
 * work twice.
 *
 * <p>Some mounted file systems have no locks either. There a run is refused if the recorded holder
 * is another living process of this machine. Runs of other machines cannot be seen: a warning says
 * so, and the run continues.
 *
 * @param paths of the output folder
 * @param held the lock of the operating system; null on a remote store
 */
public record RunLock(OutputPaths paths, @Nullable Held held) implements Closeable {
  /**
   * Folders that this process holds. A lock belongs to the process, and closing any channel on the
   * file would end it. So a second run in this JVM must be refused before it opens a channel.
   */
  private static final Set<Path> HELD_FOLDERS = ConcurrentHashMap.newKeySet();

  /**
   * How long a lock of another process is tried again before the run is refused: {@link
   * #isHeldByAnother} of another process takes the lock as well, but only for an instant.
   */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often the lock is tried again in that time. */
  private static final int RETRIES = 100;

  /** For {@link #refused}: a message without a further next step. */
  private static final String NO_OTHER_STEP = "";

  /**
   * A folder that this process holds.
   *
   * @param folder the real path of the folder with the lock file
   * @param channel the open lock file, whose closing ends the lock
   */
  public record Held(Path folder, FileChannel channel) {}

  /** Asks the operating system for a lock. */
  @FunctionalInterface
  interface SystemLock {
    /**
     * @return the lock, or null if another process has it
     * @throws IOException if the file system has no locks
     */
    @Nullable FileLock tryLock(FileChannel channel) throws IOException;
  }

  /**
   * Locks the folder, and creates it if it does not exist.
   *
   * @param command the command of this run, which another run that finds the folder locked reports
   * @param warnings receives a message about a dead run whose folder is taken over, or about a file
   *     system without locks
   * @throws RunException naming the holder
   */
  public static RunLock acquire(OutputPaths paths, String command, Consumer<String> warnings)
      throws IOException {
    return acquire(paths, command, warnings, FileChannel::tryLock);
  }

  /** Locks the folder as above, with locks of a test in place of those of the system. */
  static RunLock acquire(
      OutputPaths paths, String command, Consumer<String> warnings, SystemLock locks)
      throws IOException {
    if (!FileStore.isLocal(paths.root())) {
      Held noLock = null;
      return new RunLock(paths, noLock);
    }
    Path file = FileStore.localPath(paths.at(OutputPaths.LOCK));
    Path parent = Objects.requireNonNull(file.getParent(), "a lock has a folder");
    LocalDisk.createFolders(parent);
    Path folder = parent.toRealPath();
    if (!HELD_FOLDERS.add(folder)) {
      throw refused(paths, NO_OTHER_STEP);
    }
    FileChannel channel = null;
    try {
      channel = open(paths, file);
      String noLocks = lock(paths, channel, locks); // null if the file system has locks
      warn(paths, noLocks, LockHolder.find(paths), warnings);
      LockHolder.thisProcess(command).publish(paths);
      return new RunLock(paths, new Held(folder, channel));
    } catch (IOException | RuntimeException e) {
      release(folder, channel, e);
      throw e;
    }
  }

  /** Whether another process, or another run in this one, holds the folder now. */
  public static boolean isHeldByAnother(OutputPaths paths) throws IOException {
    if (!FileStore.isLocal(paths.root())) {
      return false;
    }
    Path file = FileStore.localPath(paths.at(OutputPaths.LOCK));
    if (!PathAttributes.isFile(file)) {
      return false;
    }
    if (HELD_FOLDERS.contains(LocalDisk.folder(file).toRealPath())) {
      return true; // closing a channel on the file would end the lock of this process
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException noLocksOrReadOnly) {
      return isRecordedAsHeld(paths);
    }
  }

  @Override
  public void close() throws IOException {
    if (held == null) {
      return;
    }
    FileChannel channel = held.channel;
    try (channel) {
      FileStore.of(paths.root()).delete(paths.at(OutputPaths.HOLDER));
    } catch (IOException e) {
      throw FileStore.withName(paths.at(OutputPaths.LOCK), e);
    } finally {
      HELD_FOLDERS.remove(held.folder);
    }
  }

  /**
   * Gives up a lock that was not acquired. The channel is closed first: as soon as the folder is
   * not held, another run of this process may lock it, and closing this channel would end that
   * lock.
   *
   * @param reason the error that is thrown then
   */
  private static void release(Path folder, @Nullable FileChannel channel, Exception reason) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    } finally {
      HELD_FOLDERS.remove(folder);
    }
  }

  /** Opens the lock file, and creates it if it does not exist. */
  private static FileChannel open(OutputPaths paths, Path file) throws IOException {
    if (PathAttributes.exists(file)) {
      FileStore.of(paths.root()).stat(file.toString()); // refuses a FIFO, which could block forever
    }
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /**
   * Takes the lock of the file. The channel keeps it until it is closed.
   *
   * @return null, or why the file system has no locks
   * @throws RunException if another process has the lock, or is recorded as the holder where there
   *     are no locks
   */
  private static @Nullable String lock(OutputPaths paths, FileChannel channel, SystemLock locks)
      throws IOException {
    FileLock lock;
    try {
      lock = locks.tryLock(channel);
      long end = System.nanoTime() + RETRY_NANOS;
      while (lock == null && System.nanoTime() - end < 0 && !isRecordedAsHeld(paths)) {
        LockSupport.parkNanos(RETRY_NANOS / RETRIES);
        lock = locks.tryLock(channel);
      }
    } catch (IOException e) {
      if (isRecordedAsHeld(paths)) {
        throw refused(
            paths,
            "; or, if that process is no run, delete "
                + paths.at(OutputPaths.HOLDER)
                + ", since this file system has no locks");
      }
      return String.valueOf(e.getMessage());
    }
    if (lock == null) {
      throw refused(paths, NO_OTHER_STEP);
    }
    return null;
  }

  /** Whether {@code run/holder.json} names another living process of this machine. */
  private static boolean isRecordedAsHeld(OutputPaths paths) throws IOException {
    LockHolder holder = LockHolder.find(paths);
    return holder != null
        && holder.livesHere()
        && holder.pid() != ProcessHandle.current().pid(); // a restarted container has the same
  }

  /**
   * Warns about a file system without locks, or about a dead run.
   *
   * @param noLocks why the file system has no locks; null if it has
   * @param before the holder that is recorded, or null
   */
  private static void warn(
      OutputPaths paths,
      @Nullable String noLocks,
      @Nullable LockHolder before,
      Consumer<String> warnings) {
    if (noLocks != null) {
      String recorded =
          before == null
              ? ""
              : "; %s names a run that has ended or still writes: %s"
                  .formatted(OutputPaths.HOLDER, before);
      warnings.accept(
          ("%s: its file system has no locks (%s), so two runs there are not kept apart; make sure"
                  + " that no other run writes there%s")
              .formatted(paths.root(), noLocks, recorded));
    } else if (before != null) {
      warnings.accept(
          ("an earlier run ended without finishing (%s); its temporary files were deleted;"
                  + " this run continues from its finished units")
              .formatted(before));
    }
  }

  /**
   * The error that another run holds the folder.
   *
   * @param otherwise a further next step after a semicolon, or {@link #NO_OTHER_STEP}
   */
  private static RunException refused(OutputPaths paths, String otherwise) {
    String holder;
    try {
      holder = Objects.toString(LockHolder.find(paths), "it has only just begun");
    } catch (IOException e) {
      holder = "who it is cannot be read: " + e.getMessage();
    }
    return new RunException(
        RunException.Kind.LOCKED,
        ("output: %s is being written by another run (%s); wait until it has ended,"
                + " stop it with a signal, or name another folder%s")
            .formatted(paths.root(), holder, otherwise));
  }
}
