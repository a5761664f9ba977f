package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFormat;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.json.NamedInFile;

/**
 * A key of a section, as its record component and {@link JobKey} declare it; the validator, the
 * schema and the options of commands use it.
 *
 * @param name the key in its section
 * @param path of the first place of the key in a job file, without the numbers of elements
 * @param type of the value; {@code List} for a list, a record for a section
 * @param elementType of a list; else of no use
 * @param map null if the value is not a map
 * @param nullable whether the value may be null
 * @param roles what the key decides: its own roles, or those of its record
 * @param declared the annotation of the record component
 */
public record Key(
    String name,
    String path,
    Class<?> type,
    Class<?> elementType,
    @Nullable MapType map,
    boolean nullable,
    List<KeyRole> roles,
    JobKey declared) {
  /**
   * A section whose names are not those of a record.
   *
   * @param keys an enum with the names, or any type for any names
   * @param values their type
   * @param nullable whether a value may be null
   */
  public record MapType(Class<?> keys, Class<?> values, boolean nullable) {
    /** The allowed names; empty if any name is allowed. */
    List<String> known() {
      return keys.isEnum() ? spellings(keys) : List.of();
    }

    /** The type of a component that is a map; null for any other component. */
    static @Nullable MapType of(RecordComponent component) {
      if (component.getType() != SortedMap.class) {
        return null;
      }
      Type[] types = ((ParameterizedType) component.getGenericType()).getActualTypeArguments();
      AnnotatedType value =
          ((AnnotatedParameterizedType) component.getAnnotatedType())
              .getAnnotatedActualTypeArguments()[1];
      return new MapType(
          (Class<?>) types[0], (Class<?>) types[1], value.isAnnotationPresent(Nullable.class));
    }
  }

  /** The number of an element in a path. */
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /** All keys by path. */
  private static final Map<String, Key> ALL = new LinkedHashMap<>();

  /** By record and name. */
  private static final Map<Class<?>, Map<String, Key>> SECTIONS = new HashMap<>();

  static {
    add(Job.class, "");
  }

  /** All keys by path, in declaration order; the elements of a list count as a section. */
  public static Map<String, Key> all() {
    return Collections.unmodifiableMap(ALL);
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
    while (!ALL.containsKey(key)) {
      int dot = key.lastIndexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException(path + " is no key of the job file");
      }
      key = key.substring(0, dot); // the name in a section whose names a user chooses
    }
    return Objects.requireNonNull(ALL.get(key));
  }

  /** The keys of a section by name, in declaration order. */
  static Map<String, Key> of(Class<?> section) {
    return Objects.requireNonNull(SECTIONS.get(section), section.getName());
  }

  /**
   * The values of the keys with one of these roles that differ from their defaults, without those
   * that name files.
   */
  public static SortedMap<String, String> values(Job job, Set<KeyRole> roles) {
    SortedMap<String, String> values = JobWriter.changes(job);
    values.keySet().removeIf(path -> at(path).namesFiles() || !at(path).hasRole(roles));
    return values;
  }

  /** Whether a value of a type is an integer. */
  public static boolean isInteger(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class || type == Long.class;
  }

  /** Whether a value of a type is a number that need not be an integer. */
  public static boolean isReal(Class<?> type) {
    return type == double.class || type == Double.class;
  }

  /** The constants of an enum as a job file spells them. */
  static List<String> spellings(Class<?> enumType) {
    return constants(enumType).stream().map(Spelling::ofConstant).toList();
  }

  /** The constants of an enum that a job may have; only a plan has the other formats. */
  static List<? extends Enum<?>> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .filter(constant -> !(constant instanceof InputFormat f) || InputFormat.named().contains(f))
        .map(constant -> (Enum<?>) constant)
        .toList();
  }

  /** Adds the keys of a section, and those of the sections in it. */
  private static void add(Class<?> section, String path) {
    SECTIONS.computeIfAbsent(section, type -> keys(type, path));
    for (Key key : of(section).values()) {
      String at = JobTree.join(path, key.name);
      ALL.put(at, key);
      Class<?> type = key.isList() ? key.elementType : key.type;
      if (type.isRecord()) {
        add(type, at);
      }
    }
  }

  /** The keys of a record whose section has this path. */
  private static Map<String, Key> keys(Class<?> section, String path) {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (RecordComponent component : section.getRecordComponents()) {
      JobKey declared = component.getAnnotation(JobKey.class);
      if (declared == null) {
        continue; // not a key: the component holds the location of the section in the file
      }
      keys.put(component.getName(), of(component, declared, path));
    }
    return keys;
  }

  private static Key of(RecordComponent component, JobKey declared, String section) {
    return new Key(
        component.getName(),
        JobTree.join(section, component.getName()),
        component.getType(),
        elementType(component.getGenericType()),
        MapType.of(component),
        isNullable(component),
        List.of(roles(component, declared)),
        declared);
  }

  /**
   * The declared roles of a key, or else those of its record. A section that always exists takes
   * none of its record: only its own keys can change, and they have roles of their own.
   */
  private static KeyRole[] roles(RecordComponent component, JobKey declared) {
    JobKey.@Nullable Roles ofRecord =
        component.getDeclaringRecord().getAnnotation(JobKey.Roles.class);
    boolean alwaysExists = component.getType().isRecord() && !isNullable(component);
    return declared.decides().length > 0 || ofRecord == null || alwaysExists
        ? declared.decides()
        : ofRecord.value();
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** The first argument of a generic type; {@code Void} for any other type. */
  private static Class<?> elementType(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getActualTypeArguments()[0]
        : Void.class;
  }

  /** Whether the key has one of these roles. */
  public boolean hasRole(Set<KeyRole> anyOf) {
    return !Collections.disjoint(roles, anyOf);
  }

  /** What the key means, in sentences, from {@code keys.yaml}. */
  String doc() {
    return Objects.requireNonNull(Texts.ALL.path(path).textValue(), path);
  }

  /** Whether the key names files, whose content counts in place of their names. */
  public boolean namesFiles() {
    return declared.isLocation() || declared.orFirstKey();
  }

  /** Whether the key, or the first key of an element of its list, is a location or a glob. */
  public boolean isGlob() {
    return declared.orFirstKey()
        ? of(elementType).values().iterator().next().isGlob()
        : declared.isGlob();
  }

  /**
   * What a change of the key writes again, in the order of a run; results that depend on it follow.
   */
  public List<KeyRole.Made> makesAgain() {
    return roles.stream().map(KeyRole::made).distinct().sorted().toList();
  }

  /**
   * The help of an option: the first sentence of the key's description, the allowed values, and the
   * default.
   */
  public String summary() {
    return summary(values());
  }

  /** {@link #summary()} for an option that allows only these values. */
  public String summary(List<String> values) {
    String doc = doc();
    int end = doc.indexOf(". ");
    StringBuilder summary = new StringBuilder(doc.substring(0, end < 0 ? doc.length() - 1 : end));
    if (!values.isEmpty()) {
      summary.append(isList() ? "; some of " : "; one of ").append(String.join(", ", values));
      summary.append(isList() ? ", by commas" : "");
    }
    String argument = defaultArgument();
    return argument.isEmpty() ? summary + "." : summary + " (" + argument + ").";
  }

  /** The allowed values of an enum, or of a list of enum constants; else empty. */
  public List<String> values() {
    Class<?> one = isList() ? elementType : type;
    return one.isEnum() ? spellings(one) : List.of();
  }

  /** The default as an argument of an option; empty if there is none. */
  public String defaultArgument() {
    String yaml = defaultYaml();
    if (List.of("null", "false", "{}").contains(yaml)) {
      return "";
    }
    return isList() ? yaml.replaceAll("[\\[\\] ]", "") : yaml;
  }

  /** The value of the key in a job without it. */
  JsonNode defaultValue() {
    return JobTree.yaml(defaultYaml());
  }

  /** The value of the key in a job without it, as YAML; empty for a required key. */
  private String defaultYaml() {
    if (!declared.byDefault().isEmpty()) {
      return declared.byDefault();
    }
    return nullable ? "null" : type.isRecord() ? "{}" : "";
  }

  /** Known names that a text may have, among others; empty if none is known. */
  List<String> known() {
    return Arrays.stream(declared.known())
        .flatMap(names -> Arrays.stream(names.getEnumConstants()))
        .map(NamedInFile::nameInFile)
        .distinct()
        .toList();
  }

  /** Whether a job without the key is refused. */
  boolean required() {
    return defaultYaml().isEmpty();
  }

  /** Whether the value is a list. */
  public boolean isList() {
    return type == List.class;
  }

  /** The largest allowed value of an integer. */
  long max() {
    boolean isInt = type == int.class || type == Integer.class;
    return isInt ? Math.min(declared.max(), Integer.MAX_VALUE) : declared.max();
  }

  /** What the keys mean; loaded when it is first needed. */
  private static final class Texts {
    static final JsonNode ALL = read();

    private static JsonNode read() {
      try (InputStream in = Key.class.getResourceAsStream("keys.yaml")) {
        return new YAMLMapper().readTree(Objects.requireNonNull(in, "keys.yaml"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
