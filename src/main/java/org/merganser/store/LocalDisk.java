package org.merganser.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Local folders: their entries, and changes that must survive a loss of power. A name that was
 * created, renamed or deleted is only certain to be on the disk after {@link #forceFolder}: ext4
 * and XFS order earlier changes before any later force, btrfs does not.
 */
public final class LocalDisk {
  /** Sees each change after it was made; for tests that replay a loss of power. */
  interface Recorder {
    /** Called when a file has been renamed. */
    default void moved(Path from, Path to) {}

    /** Called when a file or an empty folder has been deleted. */
    default void deleted(Path path) {}

    /** Called when a file, or the names in a folder, have been forced to disk. */
    default void forced(Path path) {}
  }

  /** Sees all changes. This one ignores them; only tests set another one. */
  static volatile Recorder recorder = new Recorder() {};

  private LocalDisk() {}

  /** Creates the missing folders of a path and forces the new names to disk. */
  public static void createFolders(Path folder) throws IOException {
    if (PathAttributes.isFolder(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolders(parent);
    }
    Files.createDirectories(folder);
    if (parent != null) {
      forceFolder(parent);
    }
  }

  /** Renames a file, atomically, over the file that has the name; both are on one file system. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    recorder.moved(from, to);
  }

  /** Deletes a file or an empty folder, if there is one. */
  public static void delete(Path path) throws IOException {
    if (Files.deleteIfExists(path)) {
      recorder.deleted(path);
    }
  }

  /** Forces the content of a file to disk. */
  public static void forceFile(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
  }

  /** Forces the names in a folder to disk. */
  public static void forceFolder(Path folder) throws IOException {
    force(folder, StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    boolean withMetadata = true;
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(withMetadata);
    } catch (IOException e) {
      throw FileStore.withName(path.toString(), e);
    }
    recorder.forced(path);
  }

  /** Deletes a folder with all in it; a link in it is deleted and not followed. */
  public static void deleteTree(Path folder) throws IOException {
    if (PathAttributes.isFolder(folder, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children(folder)) {
        deleteTree(child);
      }
    }
    delete(folder);
  }

  /** The entries of a folder, sorted by the bytes of their names on Unix. */
  public static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The entries of a folder whose names match a glob, in any order. */
  static List<Path> matching(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      return read(entries);
    }
  }

  /** The entries of a stream; an error of the disk is thrown as it is. */
  static List<Path> read(DirectoryStream<Path> stream) throws IOException {
    List<Path> entries = new ArrayList<>();
    try {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  /** The device of a path's file system: a rename works between paths of equal devices. */
  public static Object device(Path path) throws IOException {
    // Files.getFileStore fails in a chroot whose root is not a mount point.
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(path, "unix:dev")
        : Files.getFileStore(path);
  }

  /**
   * The folder that a file is in.
   *
   * @throws NullPointerException for the root folder
   */
  public static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
  }

  /** The last name of a path; a root, which has no name, is returned as it is. */
  static Path fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path : name;
  }
}
