package org.merganser.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scratch folder of a user on this machine. {@link #folder()} has copies of files for later
 * runs, and {@link #processFolder} is a folder in it for the files of one process. A process holds
 * a lock on a file in its folder, so that another process can find and delete the folders of dead
 * ones.
 *
 * <p>The folder is in a place where others may write, so it is private: it must be a folder, not a
 * link, of this user, and only this user may enter it. No link in it is followed. Who uses a copy
 * again must check its content. The least recently used copies are deleted if all together exceed
 * {@link #LIMIT} bytes.
 */
public final class Scratch {
  /**
   * The bytes of copies that are kept for later runs: {@code -Dmerganser.scratchBytes}, or 32 GiB.
   */
  static final long LIMIT = Long.getLong("merganser.scratchBytes", 32L << 30);

  /** The beginning of the names of the folders of processes. */
  static final String FOLDER_PREFIX = "process-";

  /** The beginning of the name of this process's folder. */
  static final String OWN_PREFIX = FOLDER_PREFIX + ProcessHandle.current().pid() + "-";

  /** The name of the file in a process's folder that the process locks. */
  static final String LOCK = "lock";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final String NEXT_STEP =
      ", or name another place with -Dmerganser.scratch=FOLDER (MERGANSER_OPTS) or TMPDIR";

  /** The folder of this process; null before the first call of {@link #processFolder}. */
  private static @Nullable Path processFolder;

  /**
   * Holds the lock on {@link #processFolder}: the garbage collector closes an unreferenced channel.
   */
  @SuppressWarnings("UnusedVariable")
  private static @Nullable FileChannel processLock;

  /** The root that {@link #folder} checked last; null before its first call. */
  private static @Nullable Path checkedRoot;

  private Scratch() {}

  /**
   * The place of the folder, which may not exist yet: {@code merganser-scratch-USER} in {@code
   * -Dmerganser.scratch}, else in {@code TMPDIR}, else in the system's temporary folder. It has the
   * user's name because many users may share these.
   */
  public static Path root() {
    String base = System.getProperty("merganser.scratch", System.getenv("TMPDIR"));
    return Path.of(
        base == null || base.isEmpty() ? System.getProperty("java.io.tmpdir") : base,
        "merganser-scratch-" + user());
  }

  private static String user() {
    return System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /**
   * The folder at {@link #root}, created if it does not exist.
   *
   * @throws FileSystemException if it cannot be created, or is not private to this user
   */
  public static synchronized Path folder() throws IOException {
    Path root = root();
    if (root.equals(checkedRoot) && Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return root;
    }
    try {
      Files.createDirectories(Objects.requireNonNull(root.getParent()));
      createIfAbsent(root);
    } catch (IOException e) {
      throw new FileSystemException(
          root.toString(), null, "the scratch folder cannot be made (" + e + ")" + NEXT_STEP);
    }
    requirePrivate(root);
    checkedRoot = root;
    return root;
  }

  /** Creates the folder, which only this user may enter, unless there is something at its path. */
  private static void createIfAbsent(Path root) throws IOException {
    try {
      Files.createDirectory(root, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException existing) {
      // requirePrivate checks what exists.
    } catch (UnsupportedOperationException noPosix) {
      Files.createDirectory(root);
    }
  }

  /**
   * Requires a folder of this user, and closes it to others. The user is known by the owner of a
   * new file, since one user may have several names.
   */
  private static void requirePrivate(Path root) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw unusable(root, "is a link or a file, not a folder");
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(root, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return; // a file system without owners
    }
    Path probe;
    try {
      probe = Files.createTempFile(root, "owner-", ".tmp");
    } catch (AccessDeniedException e) {
      throw unusable(root, "may not be written by this user");
    }
    UserPrincipal user = Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    Files.delete(probe);
    PosixFileAttributes attributes = view.readAttributes();
    if (!attributes.owner().equals(user)) {
      throw unusable(
          root, "belongs to " + attributes.owner().getName() + ", not to " + user.getName());
    }
    if (!attributes.permissions().equals(OWNER_ONLY)) {
      view.setPermissions(OWNER_ONLY);
    }
  }

  private static FileSystemException unusable(Path root, String why) {
    return new FileSystemException(
        root.toString(),
        null,
        "cannot be the scratch folder, for it " + why + "; remove it" + NEXT_STEP);
  }

  /** A folder for this process alone; the first call deletes the folders of dead processes. */
  public static synchronized Path processFolder() throws IOException {
    Path folder = processFolder;
    if (folder == null || !Files.isDirectory(folder)) {
      Path root = folder();
      sweep();
      do {
        folder = Files.createTempDirectory(root, OWN_PREFIX);
      } while (!lock(folder));
      processFolder = folder;
    }
    return folder;
  }

  /**
   * Locks the folder while the process lives; returns false if another process, which sweeps, has
   * locked or deleted it before.
   */
  @SuppressWarnings("MustBeClosedChecker")
  private static boolean lock(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null || !Files.exists(file)) {
      channel.close();
      return false;
    }
    processLock = channel;
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
    return true;
  }

  /** The file next to a copy that has its checksum, if it is a copy of a file from a store. */
  public static Path sumOf(Path copy) {
    return copy.resolveSibling(LocalDisk.fileName(copy) + ".sha256");
  }

  /** Marks a copy as used just now; {@link #sweep} deletes the least recently used ones first. */
  public static void markUsed(Path copy) throws IOException {
    Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
  }

  /**
   * Deletes the files of dead processes below {@link #root}, and the least recently used copies
   * beyond {@link #LIMIT}, by {@link ScratchCleaning}.
   */
  public static synchronized void sweep() throws IOException {
    if (!Files.exists(root(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    folder();
    ScratchCleaning.deleteOfDeadProcesses(root());
    ScratchCleaning.deleteCopies(root(), LIMIT);
  }
}
