package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The summary of a field in a sample of records.
 *
 * @param path its field path
 * @param records number of records that have the field with a value
 * @param strings number of these with a string
 * @param decimals number of these with a number that is no integer
 * @param characters of all values together
 * @param values distinct ones, in the order in which they occur
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

  /** Whether the last name in the field path is this name. */
  boolean isNamed(String name) {
    return path.equals(name) || path.endsWith("." + name);
  }

  boolean isText() {
    return strings == records;
  }

  /** Whether no two records have the same value, so that the field could be an id. */
  boolean isDistinct() {
    return records > 1 && values.size() == records && decimals == 0;
  }

  double meanLength() {
    return (double) characters / records;
  }
}
