package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A key of a section, read off a record component: what the validator and the schema both use. */
record Key(String name, Class<?> type, Class<?> elementType, boolean nullable, Field field) {

  /** The keys of a section by name, in declaration order. */
  static Map<String, Key> of(Class<?> section) {
    Map<String, Key> keys = new LinkedHashMap<>();
    for (RecordComponent component : section.getRecordComponents()) {
      Field field =
          Objects.requireNonNull(component.getAnnotation(Field.class), component.getName());
      keys.put(
          component.getName(),
          new Key(
              component.getName(),
              component.getType(),
              elementType(component.getGenericType()),
              component.getAnnotatedType().isAnnotationPresent(Nullable.class),
              field));
    }
    return keys;
  }

  private static Class<?> elementType(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return (Class<?>) arguments[arguments.length - 1];
    }
    return Void.class;
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

  /** Whether the value has names that its user chooses, such as those of groups. */
  boolean isMap() {
    return type == SortedMap.class;
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
    return Arrays.stream(enumType.getEnumConstants())
        .map(constant -> Spelling.ofConstant((Enum<?>) constant))
        .toList();
  }
}
