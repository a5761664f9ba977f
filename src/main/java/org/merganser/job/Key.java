package org.merganser.job;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.json.NamedInFile;

/**
 * A key of the job file, as its record component and {@link JobKey} declare it. The reader, the
 * schema and the options of commands follow from it; {@link JobKeys} has all keys.
 *
 * @param name the key in its section
 * @param path of the first place of the key in a job file, without the numbers of elements
 * @param type of the value; {@code List} for a list, a record for a section
 * @param elementType of the elements of a list; without a meaning for any other value
 * @param map the names and values of a map; null if the value is not a map
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
  /** Reads defaults and descriptions. */
  private static final YAMLMapper YAML = new YAMLMapper();

  /**
   * The type of a section whose names are not those of a record.
   *
   * @param keys the type of the names: an enum whose constants are the allowed ones, or {@code
   *     String} for any names
   * @param values the type of the values
   * @param nullable whether a value may be null
   */
  public record MapType(Class<?> keys, Class<?> values, boolean nullable) {
    /** The allowed names; empty if any name is allowed. */
    List<String> known() {
      return keys.isEnum() ? Spelling.ofConstants(keys) : List.of();
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

  /** Whether a value of a type is an integer. */
  public static boolean isInteger(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class || type == Long.class;
  }

  /** Whether a value of a type is a number that need not be an integer. */
  public static boolean isReal(Class<?> type) {
    return type == double.class || type == Double.class;
  }

  /**
   * The key of a component.
   *
   * @param declared the annotation of the component
   * @param section the path of the section that the component's record describes
   */
  static Key of(RecordComponent component, JobKey declared, String section) {
    return new Key(
        component.getName(),
        JobKeys.join(section, component.getName()),
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
    if (declared.decides().length > 0 || ofRecord == null || alwaysExists) {
      return declared.decides();
    }
    return ofRecord.value();
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
  public String doc() {
    return Objects.requireNonNull(Texts.ALL.path(path).textValue(), path);
  }

  /** Whether the key names files, whose content counts in place of their names. */
  public boolean namesFiles() {
    return declared.isLocation() || declared.orFirstKey();
  }

  /** Whether the value, or the value of the first key of a listed section, may be a glob. */
  public boolean isGlob() {
    return declared.orFirstKey() ? firstKeyOfElement().isGlob() : declared.isGlob();
  }

  /** The first key of an element, if the key has a list of sections. */
  Key firstKeyOfElement() {
    return JobKeys.of(elementType).values().iterator().next();
  }

  /**
   * The results that a change of the key writes again, in the order of {@link KeyRole.Result};
   * those that depend on them follow.
   */
  public List<KeyRole.Result> rewritten() {
    return roles.stream().map(KeyRole::result).distinct().sorted().toList();
  }

  /** The allowed values of an enum, or of a list of enum constants; else empty. */
  public List<String> values() {
    Class<?> one = isList() ? elementType : type;
    return one.isEnum() ? Spelling.ofConstants(one) : List.of();
  }

  /** The default as an argument of an option; empty if it is null, false or an empty section. */
  public String defaultArgument() {
    String yaml = defaultYaml();
    if (List.of("null", "false", "{}").contains(yaml)) {
      return "";
    }
    return isList() ? yaml.replaceAll("[\\[\\] ]", "") : yaml;
  }

  /** The value of the key in a job without it; a missing node for a required key. */
  JsonNode defaultValue() {
    try {
      return YAML.readTree(defaultYaml());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + defaultYaml(), e);
    }
  }

  /** The value of the key in a job without it, as YAML; empty for a required key. */
  private String defaultYaml() {
    if (!declared.byDefault().isEmpty()) {
      return declared.byDefault();
    }
    if (nullable) {
      return "null";
    }
    return type.isRecord() ? "{}" : "";
  }

  /** The names that {@link JobKey#known} has for a text; empty for none. */
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
        return YAML.readTree(Objects.requireNonNull(in, "keys.yaml"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
