package org.merganser.job;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Resolves locations that a user wrote; {@link JobLocations} finds them in a job. A relative path
 * in a job file is relative to the folder of the job file; any other relative path (a flag, {@code
 * --set}) is relative to the current folder. A {@code ~} alone or before the first {@code /} is the
 * user's home folder. URIs and absolute paths are not changed.
 */
public final class Locations {
  private Locations() {}

  /**
   * The location with the home folder instead of {@code ~}.
   *
   * @throws IllegalArgumentException for {@code ~name}, which shells read as another user's home
   */
  public static String expanded(String location) {
    String home = System.getenv("HOME");
    return expanded(location, home == null ? System.getProperty("user.home", "") : home);
  }

  /** {@link #expanded(String)} with a given home folder. */
  static String expanded(String location, String home) {
    if (!location.startsWith("~")) {
      return location;
    }
    if (location.length() > 1 && location.charAt(1) != '/') {
      throw new IllegalArgumentException(
          "a ~ means your home folder only alone or before a /; write the complete"
              + " path, or ./"
              + location
              + " if that is a name");
    }
    return home + location.substring(1);
  }

  /**
   * The folder from which the relative paths of a job file are resolved. It is relative to the
   * current folder if the job file's path is; it is the current folder for a job that is read from
   * a pipe.
   */
  static String folderOf(Path file) {
    Path folder = file.getParent();
    boolean isPipe =
        (file.startsWith("/dev") && !file.startsWith("/dev/shm")) || file.startsWith("/proc");
    return folder == null || isPipe ? "" : folder.toString();
  }

  /**
   * A path as an absolute one.
   *
   * @param path from the current folder, or absolute; empty for the current folder
   */
  static String absolute(String path) {
    String here = Path.of("").toAbsolutePath().toString();
    return path.isEmpty() ? here : withoutDots(isRelative(path) ? here + "/" + path : path);
  }

  /**
   * A location as a path from the current folder. An absolute path, a URI and an empty location are
   * not changed.
   *
   * @param folder to which the location is relative; empty for the current folder
   */
  public static String resolved(String folder, String location) {
    if (folder.isEmpty() || location.isEmpty() || !isRelative(location)) {
      return location;
    }
    String joined = withoutDots(folder.endsWith("/") ? folder + location : folder + "/" + location);
    return joined.startsWith("~") ? "./" + joined : joined;
  }

  /**
   * A location, which is relative to the current folder, as a path from another folder; absolute if
   * no relative path leads to it.
   *
   * @param folder the other folder, a result of {@link #absolute}
   */
  static String relativeTo(String folder, String location) {
    if (location.isEmpty() || !isRelative(location)) {
      return location;
    }
    String absolute = absolute(location);
    Deque<String> base = new ArrayDeque<>(List.of(folder.substring(1).split("/")));
    Deque<String> names = new ArrayDeque<>(List.of(absolute.substring(1).split("/")));
    while (!base.isEmpty() && names.size() > 1 && base.peek().equals(names.peek())) {
      base.pop();
      names.pop();
    }
    int levelsUp = folder.equals("/") ? 0 : base.size(); // the root splits into one empty name
    String relative = "../".repeat(levelsUp) + String.join("/", names);
    // Through a symbolic link, ".." leads to the parent of its target, and so to another place.
    return resolved(folder, relative).equals(absolute) ? relative : absolute;
  }

  /** Whether a location is a path from a folder, and neither absolute nor a URI. */
  private static boolean isRelative(String location) {
    return !location.startsWith("/")
        && !location.startsWith("~")
        && !location.startsWith("file:")
        && !location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  /**
   * Removes {@code .} and {@code name/..}, unless name is a symbolic link, whose target may have
   * another parent folder.
   */
  private static String withoutDots(String path) {
    boolean isAbsolute = path.startsWith("/");
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      String last = names.peekLast();
      if (name.equals("..") && last == null && isAbsolute) {
        continue; // the root has no parent
      }
      if (name.equals("..") && last != null && !last.equals("..") && !isLink(isAbsolute, names)) {
        names.removeLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    String joined = (isAbsolute ? "/" : "") + String.join("/", names);
    return joined.isEmpty() ? "." : joined + (path.endsWith("/") && !names.isEmpty() ? "/" : "");
  }

  /** Whether the path of some names is a symbolic link. */
  private static boolean isLink(boolean isAbsolute, Deque<String> names) {
    try {
      return Files.isSymbolicLink(Path.of((isAbsolute ? "/" : "") + String.join("/", names)));
    } catch (InvalidPathException e) {
      return false; // a glob that is not a path is not a link either
    }
  }
}
