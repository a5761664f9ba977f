package org.merganser.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is at a local path. {@link Files#exists} and {@link Files#isDirectory} are also false if the
 * disk fails or a folder above may not be read, so a file that is there would be taken for absent.
 * Here such an error is thrown, and names the path.
 */
public final class PathAttributes {
  /** The end of the JDK's message for links that lead to each other without an end. */
  private static final String LOOP_MESSAGE = "or unable to access attributes of symbolic link";

  /**
   * The system's reasons, in its language, that mean that a path cannot exist: a name below a file,
   * and a name that is too long, as an input with many alternatives may be. Java has no exceptions
   * for them.
   */
  private static final Set<String> ABSENT_REASONS =
      Stream.of(Path.of("/dev/null/name"), Path.of("/" + "x".repeat(1 << 16)))
          .map(PathAttributes::reasonOf)
          .filter(Objects::nonNull)
          .collect(Collectors.toUnmodifiableSet());

  private PathAttributes() {}

  /** Why a path cannot be read; null if it can, or if the error has no reason. */
  private static @Nullable String reasonOf(Path path) {
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return null;
    } catch (FileSystemException e) {
      return e.getReason();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * The attributes of what a path leads to; null if there is nothing, or a link to nothing.
   *
   * @param links whether a link has its own attributes, not those of its target
   * @throws FileSystemException naming the path if it is not known whether there is anything
   */
  public static @Nullable BasicFileAttributes find(Path path, LinkOption... links)
      throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, links);
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (isLoop(e) || ABSENT_REASONS.contains(String.valueOf(e.getReason()))) {
        return null;
      }
      throw e;
    }
  }

  /** Whether an error means that links lead to each other without an end. */
  static boolean isLoop(FileSystemException e) {
    return String.valueOf(e.getReason()).endsWith(LOOP_MESSAGE);
  }

  /** Whether there is anything; false for a link to nothing. */
  public static boolean exists(Path path) throws IOException {
    return find(path) != null;
  }

  /** Whether there is a folder, or a link to one that {@code links} do not forbid to follow. */
  public static boolean isFolder(Path path, LinkOption... links) throws IOException {
    BasicFileAttributes found = find(path, links);
    return found != null && found.isDirectory();
  }

  /** Whether there is a regular file, or a link to one. */
  public static boolean isFile(Path path) throws IOException {
    BasicFileAttributes found = find(path);
    return found != null && found.isRegularFile();
  }

  /** Whether the path itself is a link, whatever it leads to. */
  public static boolean isLink(Path path) throws IOException {
    BasicFileAttributes found = find(path, LinkOption.NOFOLLOW_LINKS);
    return found != null && found.isSymbolicLink();
  }

  /**
   * Requires that a path is a regular file, by its attributes.
   *
   * @throws IrregularFileException if it is not
   */
  static void requireFile(Path path, BasicFileAttributes attributes) throws FileSystemException {
    if (!attributes.isRegularFile()) {
      throw new IrregularFileException(
          path.toString(),
          attributes.isDirectory()
              ? "a folder, not a file"
              : "neither a file nor a folder (a FIFO, a socket or a device)");
    }
  }
}
