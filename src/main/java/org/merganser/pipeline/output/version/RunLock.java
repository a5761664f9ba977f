package org.merganser.pipeline.output.version;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.HostName;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.store.FileStore;
import org.merganser.store.LocalDisk;
import org.merganser.store.PathAttributes;

/**
 * The right to write into an output folder, for one run at a time. It is a lock of the operating
 * system on {@code run/lock}. The lock ends with its process in every case, so a dead run never
 * keeps a folder. {@code run/holder.json} names the holder. The lock file is never deleted: a lock
 * on a deleted file would not stop another run.
 *
 * <p>Object stores have no locks, so users must avoid two runs into one folder there. Two such runs
 * cannot damage the output, since both write the same bytes or different names, but they do the
 * work twice.
 */
public record RunLock(OutputPaths paths, @Nullable Path folder, @Nullable FileChannel channel)
    implements Closeable {
  /**
   * Folders that this process holds. A lock belongs to the process, and closing any channel on the
   * file would end it. So a second run in this JVM must be refused before it opens a channel.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** A command that asks whether a run is active has the lock for an instant, not for a second. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Locks the folder, and creates it if it does not exist.
   *
   * @param command of this run, which another run that finds the folder locked reports
   * @param warnings receives a message about a dead run whose folder is taken over, or about a file
   *     system without locks
   * @throws RunException naming the holder
   */
  public static RunLock acquire(OutputPaths paths, String command, Consumer<String> warnings)
      throws IOException {
    if (!FileStore.isLocal(paths.root())) {
      return new RunLock(paths, null, null);
    }
    Path file = FileStore.localPath(paths.at(OutputPaths.LOCK));
    Path parent = Objects.requireNonNull(file.getParent(), "a lock has a folder");
    LocalDisk.createFolders(parent);
    Path folder = parent.toRealPath();
    if (!HELD.add(folder)) {
      throw refused(paths);
    }
    FileChannel channel = null;
    try {
      if (PathAttributes.exists(file)) {
        FileStore.of(paths.root()).stat(file.toString()); // opening a FIFO could block forever
      }
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock(paths, channel, warnings);
      Holder dead = Holder.find(paths);
      if (dead != null) {
        warnings.accept(
            ("an earlier run ended without finishing (%s); its temporary files were deleted;"
                    + " this run continues from its finished units")
                .formatted(dead));
      }
      Holder.me(command).publish(paths);
      return new RunLock(paths, folder, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(folder);
      if (channel != null) {
        channel.close();
      }
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
    if (HELD.contains(LocalDisk.folder(file).toRealPath())) {
      return true; // closing a channel on the file would end the lock of this process
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException noLocksOrReadOnly) {
      return false;
    }
  }

  private static void lock(OutputPaths paths, FileChannel channel, Consumer<String> warnings)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
      long end = System.nanoTime() + LOOK_NANOS;
      while (lock == null && System.nanoTime() - end < 0 && !isHeldHere(paths)) {
        LockSupport.parkNanos(LOOK_NANOS / 100);
        lock = channel.tryLock();
      }
    } catch (IOException e) {
      warnings.accept(
          ("%s: its file system has no locks (%s); make sure that no other run" + " writes there")
              .formatted(paths.root(), e.getMessage()));
      return;
    }
    if (lock == null) {
      throw refused(paths);
    }
  }

  /** Whether a process of this machine has said that it holds the folder. */
  private static boolean isHeldHere(OutputPaths paths) throws IOException {
    Holder holder = Holder.find(paths);
    return holder != null && holder.livesHere();
  }

  private static RunException refused(OutputPaths paths) {
    String holder;
    try {
      holder = Objects.toString(Holder.find(paths), "it has only just begun");
    } catch (IOException e) {
      holder = "who it is cannot be read: " + e.getMessage();
    }
    return new RunException(
        RunException.Kind.LOCKED,
        ("output: %s is being written by another run (%s); wait until it has ended,"
                + " stop it with a signal, or name another folder")
            .formatted(paths.root(), holder));
  }

  /** Whether the file system has locks, so that this one excludes other runs. */
  public boolean isHeld() {
    return folder != null;
  }

  @Override
  public void close() throws IOException {
    if (folder == null || channel == null) {
      return;
    }
    try (channel) {
      FileStore.of(paths.root()).delete(paths.at(OutputPaths.HOLDER));
    } catch (IOException e) {
      throw FileStore.at(paths.at(OutputPaths.LOCK), e);
    } finally {
      HELD.remove(folder);
    }
  }

  /**
   * The process that holds an output folder, as {@code run/holder.json} describes it. Used for
   * messages only; the lock belongs to the operating system.
   *
   * @param pid of the process, on {@code host}
   * @param since ISO 8601, UTC
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Holder(long pid, String host, String since, String command) {
    static Holder me(String command) {
      return new Holder(
          ProcessHandle.current().pid(),
          HostName.get(),
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          command);
    }

    /** Null if it is missing or cannot be read. */
    public static @Nullable Holder find(OutputPaths paths) throws IOException {
      byte[] json = OutputJson.find(paths, OutputPaths.HOLDER);
      try {
        return json == null ? null : Json.MAPPER.readValue(json, Holder.class);
      } catch (IOException cut) {
        return null; // the process was killed while it wrote
      }
    }

    void publish(OutputPaths paths) throws IOException {
      FileStore.publish(paths.at(OutputPaths.HOLDER), Json.file(this));
    }

    /** Whether a process with this number runs on this host; false for another host. */
    public boolean livesHere() {
      return host.equals(HostName.get()) && ProcessHandle.of(pid).isPresent();
    }

    @Override
    public String toString() {
      return "process " + pid + " on " + host + ", since " + since + ": " + command;
    }
  }
}
