package org.merganser.job;

import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;

/**
 * All keys of the job file, by path and by section: the components of {@link Job}, and of the
 * records in it, that {@link JobKey} declares as keys.
 */
public final class JobKeys {
  /** The number of an element in a path. */
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /** The keys by path, in declaration order. */
  private static final Map<String, Key> BY_PATH = new LinkedHashMap<>();

  /** The keys by the record of their section, then by name. */
  private static final Map<Class<?>, Map<String, Key>> BY_SECTION = new HashMap<>();

  static {
    addSection(Job.class, "");
  }

  private JobKeys() {}

  /** All keys by path, in declaration order; the elements of a list count as a section. */
  public static Map<String, Key> all() {
    return Collections.unmodifiableMap(BY_PATH);
  }

  /**
   * The key at a path.
   *
   * @param path as in {@link JobWriter#changes}: {@code shards.formats[0]}, {@code
   *     tokenizer.train.mix.en}
   * @throws IllegalArgumentException for a path without a key
   */
  public static Key at(String path) {
    String key = INDEX.matcher(path).replaceAll("");
    while (!BY_PATH.containsKey(key)) {
      int dot = key.lastIndexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException(path + " is no key of the job file");
      }
      key = key.substring(0, dot); // the name in a section whose names a user chooses
    }
    return Objects.requireNonNull(BY_PATH.get(key));
  }

  /**
   * The values of a job that differ from their defaults, by path as in {@link JobWriter#changes},
   * if their keys have one of these roles and do not name files.
   */
  public static SortedMap<String, String> changedValues(Job job, Set<KeyRole> roles) {
    SortedMap<String, String> values = JobWriter.changes(job);
    values.keySet().removeIf(path -> at(path).namesFiles() || !at(path).hasRole(roles));
    return values;
  }

  /**
   * The keys of a section by name, in declaration order.
   *
   * @param section a record that is {@link Job}, or the type of a key
   */
  static Map<String, Key> of(Class<?> section) {
    return Objects.requireNonNull(BY_SECTION.get(section), section.getName());
  }

  /** The path of a key in the section at a path. */
  static String join(String section, String name) {
    return section.isEmpty() ? name : section + "." + name;
  }

  /** The JSON pointer to the value of a key in the tree of a job. */
  static String pointer(String path) {
    return "/" + path.replace('.', '/');
  }

  /** Adds the keys of a section, and those of the sections in it. */
  private static void addSection(Class<?> section, String path) {
    BY_SECTION.computeIfAbsent(section, type -> keysOf(type, path));
    for (Key key : of(section).values()) {
      String at = join(path, key.name());
      BY_PATH.put(at, key);
      Class<?> type = key.isList() ? key.elementType() : key.type();
      if (type.isRecord()) {
        addSection(type, at);
      }
    }
  }

  /** The keys of a record whose section has this path. */
  private static Map<String, Key> keysOf(Class<?> section, String path) {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (RecordComponent component : section.getRecordComponents()) {
      JobKey declared = component.getAnnotation(JobKey.class);
      if (declared == null) {
        continue; // Job#folder is no key
      }
      keys.put(component.getName(), Key.of(component, declared, path));
    }
    return keys;
  }
}
