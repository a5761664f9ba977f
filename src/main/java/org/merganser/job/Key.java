package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFormat;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;

/** A key of a section, read off a record component: what the validator and the schema both use. */
record Key(
    String name,
    Class<?> type,
    Class<?> elementType,
    @Nullable MapType map,
    boolean nullable,
    Field field) {

  /**
   * Of a key whose value has keys of its own.
   *
   * @param keys their names: those of an enum, or any
   * @param values what each has
   * @param nullable whether it may be null
   */
  record MapType(Class<?> keys, Class<?> values, boolean nullable) {
    /** The names that there are; empty for any. */
    List<String> known() {
      return keys.isEnum() ? spellings(keys) : List.of();
    }

    /** The type of a map; null for any other type. */
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

  /** The keys of a section by name, in declaration order. */
  static Map<String, Key> of(Class<?> section) {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (RecordComponent component : section.getRecordComponents()) {
      if (component.isAnnotationPresent(Unwrapped.class)) {
        keys.putAll(of(component.getType()));
        continue;
      }
      Field field = component.getAnnotation(Field.class);
      if (field == null) {
        continue; // says where the section stands, and is no key of it
      }
      keys.put(
          component.getName(),
          new Key(
              component.getName(),
              component.getType(),
              elementType(component.getGenericType()),
              MapType.of(component),
              component.getAnnotatedType().isAnnotationPresent(Nullable.class),
              field));
    }
    return keys;
  }

  private static Class<?> elementType(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getActualTypeArguments()[0]
        : Void.class;
  }

  /** An element of a list as a section, where it is given as the value of its first key. */
  JsonNode whole(JsonNode element) {
    String first = of(elementType).keySet().iterator().next();
    return element.isValueNode()
        ? JsonNodeFactory.instance.objectNode().set(first, element)
        : element;
  }

  boolean required() {
    return field.byDefault().equals(Field.REQUIRED);
  }

  boolean isList() {
    return type == List.class;
  }

  static boolean isInteger(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class || type == Long.class;
  }

  static boolean isReal(Class<?> type) {
    return type == double.class || type == Double.class;
  }

  /** The largest number that the key's type and declaration allow. */
  long max() {
    boolean isInt = type == int.class || type == Integer.class;
    return isInt ? Math.min(field.max(), Integer.MAX_VALUE) : field.max();
  }

  /** How the values of an enum are spelled. */
  static List<String> spellings(Class<?> enumType) {
    return constants(enumType).stream().map(Spelling::ofConstant).toList();
  }

  /** The values of an enum that a job may have: a file alone turns out to be unsupported. */
  static List<? extends Enum<?>> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .filter(constant -> constant != InputFormat.UNSUPPORTED)
        .map(constant -> (Enum<?>) constant)
        .toList();
  }
}
