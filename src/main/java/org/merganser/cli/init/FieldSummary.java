package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sample of records shows of a field.
 *
 * @param path its field path
 * @param records that have it with a value
 * @param strings of them, with a string
 * @param decimals of them, with a number that is no integer
 * @param characters of all values together
 * @param values different ones, in the order in which they occur
 */
record FieldSummary(
    String path,
    int records,
    int strings,
    int decimals,
    long characters,
    Collection<String> values) {

  /** The fields of a sample, in the order in which they occur. */
  static List<FieldSummary> of(List<Map<String, Object>> records) {
    Map<String, List<Object>> byPath = new LinkedHashMap<>();
    for (Map<String, Object> record : records) {
      record.forEach(
          (path, value) -> byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(value));
    }
    return byPath.entrySet().stream().map(field -> of(field.getKey(), field.getValue())).toList();
  }

  private static FieldSummary of(String path, List<Object> found) {
    Set<String> values = new LinkedHashSet<>();
    int strings = 0;
    int decimals = 0;
    long characters = 0;
    for (Object value : found) {
      String text = String.valueOf(value);
      strings += value instanceof String ? 1 : 0;
      decimals += value instanceof Number && !text.matches("-?[0-9]+") ? 1 : 0;
      characters += text.length();
      values.add(text);
    }
    return new FieldSummary(path, found.size(), strings, decimals, characters, values);
  }

  /** Whether its own name, in whatever object it is, is this one. */
  boolean isNamed(String name) {
    return path.equals(name) || path.endsWith("." + name);
  }

  boolean isText() {
    return strings == records;
  }

  /** Whether it could tell records apart: no two have the same value. */
  boolean isDistinct() {
    return records > 1 && values.size() == records && decimals == 0;
  }

  double meanLength() {
    return (double) characters / records;
  }
}
