package org.merganser.job;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.merganser.json.Decides;
import org.merganser.json.Field;

/** The declarations of the keys of the job file, by their paths. */
public final class JobKeys {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
  private static final Map<String, Field> KEYS = new LinkedHashMap<>();

  static {
    add(Job.class, "");
  }

  private JobKeys() {}

  private static void add(Class<?> section, String path) {
    for (Key key : Key.of(section).values()) {
      String at = JobTree.join(path, key.name());
      KEYS.put(at, key.field());
      Class<?> type = key.isList() ? key.elementType() : key.type();
      if (type.isRecord()) {
        add(type, at);
      }
    }
  }

  /** All keys, in declaration order; the keys of a list's elements are those of a section. */
  public static Map<String, Field> all() {
    return Collections.unmodifiableMap(KEYS);
  }

  /**
   * The declaration of a key.
   *
   * @param path of a value of the key, as {@link JobWriter#changes} has it: {@code
   *     shards.formats[0]}, {@code tokenizer.train.mix.en}
   * @throws IllegalArgumentException for a path of no key
   */
  public static Field at(String path) {
    String key = INDEX.matcher(path).replaceAll("");
    while (!KEYS.containsKey(key)) {
      int dot = key.lastIndexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException(path + " is no key of the job file");
      }
      key = key.substring(0, dot); // the name in a section whose names a user chooses
    }
    return Objects.requireNonNull(KEYS.get(key));
  }

  /** Whether the key has one of these roles. */
  public static boolean decides(Field key, Set<Decides> roles) {
    return !Collections.disjoint(List.of(key.decides()), roles);
  }

  /** Whether the key names files, whose content counts in place of their names. */
  public static boolean namesFiles(Field key) {
    return key.isLocation() || key.orFirstKey();
  }

  /**
   * The values of the keys with one of these roles that are not their defaults, without those that
   * name files.
   */
  public static SortedMap<String, String> values(Job job, Set<Decides> roles) {
    SortedMap<String, String> values = JobWriter.changes(job);
    values.keySet().removeIf(path -> namesFiles(at(path)) || !decides(at(path), roles));
    return values;
  }

  /** What a change of the key makes again, in the order of a run; what is made of it follows. */
  public static List<Decides.Made> makesAgain(Field key) {
    List<Decides.Made> made = new ArrayList<>();
    for (Decides role : key.decides()) {
      made.add(role.made());
    }
    return made.stream().distinct().sorted().toList();
  }
}
