package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/**
 * Resolves locations that a user wrote. A relative path in a job file is relative to the folder of
 * the job file; any other relative path (a flag, {@code --set}) is relative to the current folder.
 * A {@code ~} alone or before the first {@code /} is the user's home folder. URIs and absolute
 * paths are not changed.
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

  /** The absolute path of a folder that is relative to the current folder. */
  static String absolute(String folder) {
    String here = Path.of("").toAbsolutePath().toString();
    return folder.isEmpty() ? here : withoutDots(isRelative(folder) ? here + "/" + folder : folder);
  }

  /** Resolves {@code location}, which is relative to {@code folder}, from the current folder. */
  public static String below(String folder, String location) {
    if (folder.isEmpty() || location.isEmpty() || !isRelative(location)) {
      return location;
    }
    String joined = withoutDots(folder.endsWith("/") ? folder + location : folder + "/" + location);
    return joined.startsWith("~") ? "./" + joined : joined;
  }

  /**
   * A value of a key whose relative locations are relative to the current folder, with locations
   * relative to another folder.
   *
   * @param key the names of the sections and of the key
   * @param folder the other folder; empty for the current one
   */
  static JsonNode moved(String[] key, JsonNode value, String folder) {
    if (folder.isEmpty()) {
      return value;
    }
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    ObjectNode section = job;
    for (int i = 0; i < key.length - 1; i++) {
      section = section.putObject(key[i]);
    }
    String last = key[key.length - 1];
    section.set(last, value.deepCopy());
    String absolute = absolute(folder);
    change(job, (path, location) -> relativeTo(absolute, location));
    return Objects.requireNonNull(section.get(last));
  }

  /**
   * A location, which is relative to the current folder, as a path from another folder; absolute if
   * no relative path leads to it.
   *
   * @param folder an absolute path
   */
  private static String relativeTo(String folder, String location) {
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
    // The parent of a symbolic link's target is not the parent in the path.
    return below(folder, relative).equals(absolute) ? relative : absolute;
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
    boolean absolute = path.startsWith("/");
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      String last = names.peekLast();
      if (name.equals("..") && last == null && absolute) {
        continue; // the root has no parent
      }
      if (name.equals("..") && last != null && !last.equals("..") && !isLink(absolute, names)) {
        names.removeLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    String joined = (absolute ? "/" : "") + String.join("/", names);
    return joined.isEmpty() ? "." : joined + (path.endsWith("/") && !names.isEmpty() ? "/" : "");
  }

  /** Whether the path of some names is a symbolic link. */
  private static boolean isLink(boolean absolute, Deque<String> names) {
    try {
      return Files.isSymbolicLink(Path.of((absolute ? "/" : "") + String.join("/", names)));
    } catch (InvalidPathException e) {
      return false; // a glob that is not a path is not a link either
    }
  }

  /**
   * Changes the locations in the tree of a job: the values of the keys that name files.
   *
   * @param change maps a key's path, such as {@code corpus.inputs[0]}, and its location to the new
   *     location
   */
  static void change(ObjectNode tree, BinaryOperator<String> change) {
    change(tree, Job.class, "", change);
  }

  /** Changes the locations in a section, which has this path. */
  private static void change(
      ObjectNode section, Class<?> type, String path, BinaryOperator<String> change) {
    for (Key key : JobKeys.of(type).values()) {
      JsonNode node = section.get(key.name());
      if (node != null) {
        section.set(key.name(), changed(node, key, JobKeys.join(path, key.name()), change));
      }
    }
  }

  /** The value of a key, or an element of its list, with changed locations. */
  private static JsonNode changed(
      JsonNode node, Key key, String path, BinaryOperator<String> change) {
    Class<?> type = key.isList() ? key.elementType() : key.type();
    if (node instanceof ObjectNode section && type.isRecord()) {
      change(section, type, path, change);
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode item = type.isRecord() ? list.get(i) : WrittenScalar.text(list.get(i));
        list.set(i, changed(item, key, path + "[" + i + "]", change));
      }
    } else if (node instanceof TextNode location && !location.isNull() && key.namesFiles()) {
      return TextNode.valueOf(change.apply(path, location.textValue()));
    }
    return node;
  }
}
