package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;

/**
 * Reads the sections of a job, which are trees, into records, and collects the problem of each
 * value that {@link JobKey} does not allow. {@link ScalarReader} reads single values; {@link
 * JobRules} checks afterwards what concerns several keys.
 */
final class SectionReader {
  private final String folder;
  private final JobProblems problems = new JobProblems();
  private final ScalarReader scalars = new ScalarReader(problems);

  /**
   * @param folder of the job, as in {@link Job#folder}
   */
  SectionReader(String folder) {
    this.folder = folder;
  }

  /** The problems so far; a caller may add its own. */
  List<String> problems() {
    return problems.list();
  }

  /**
   * The section at {@code path} as a record of {@code type}. Null if the section has an error,
   * which is then among the problems.
   *
   * @param path of the section; empty for the complete job
   */
  <T> @Nullable T section(ObjectNode node, Class<T> type, String path) {
    Map<String, Key> keys = JobKeys.of(type);
    int before = problems.list().size();
    boolean isJob = path.isEmpty();
    String otherFile = isJob ? otherFile(node, keys.keySet()) : null;
    if (otherFile != null) {
      problems.add(otherFile);
      return null;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey();
      if (!keys.containsKey(name)) {
        String at = JobKeys.join(path, JobProblems.shortened(name));
        problems.add(UnknownKeys.problem(at, name, keys.keySet()));
      }
    }
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("folder", folder); // the component of Job that is no key; no other record has it
    for (Key key : keys.values()) {
      values.put(key.name(), value(node.get(key.name()), key, JobKeys.join(path, key.name())));
    }
    return problems.list().size() == before ? instantiate(type, values) : null;
  }

  /** The problem of a file that is no job; null for a file that may be one. */
  private static @Nullable String otherFile(ObjectNode file, Collection<String> known) {
    List<String> names = new ArrayList<>();
    file.fieldNames().forEachRemaining(name -> names.add(JobProblems.shortened(name)));
    return UnknownKeys.otherFile(names, known);
  }

  /** A record with these components by name. */
  private static <T> T instantiate(Class<T> type, Map<String, @Nullable Object> values) {
    List<Class<?>> types = new ArrayList<>();
    List<@Nullable Object> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      components.add(values.get(component.getName()));
    }
    try {
      return type.getDeclaredConstructor(types.toArray(Class<?>[]::new))
          .newInstance(components.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + type.getName() + " cannot be made", e);
    }
  }

  /**
   * The value of a key as its record has it; null if it is null, or if there is a problem.
   *
   * @param given the value in the section; null if the section does not have the key
   */
  private @Nullable Object value(@Nullable JsonNode given, Key key, String path) {
    JsonNode node = given;
    if (node == null) {
      if (key.required()) {
        problems.add(path + ": is required and missing. Meaning: " + key.doc());
        return null;
      }
      node = key.defaultValue();
    }
    if (node.isNull()) {
      if (!key.nullable()) {
        return problems.addValue(path, node, "must not be empty");
      }
      return null;
    }
    if (key.isList()) {
      return list(node, key, path);
    }
    if (key.map() != null) {
      return map(node, key.map(), key, path);
    }
    return scalar(node, key.type(), key, path);
  }

  /** A section whose names are not those of a record, as a sorted map. */
  private @Nullable Object map(JsonNode node, Key.MapType type, Key key, String path) {
    List<String> known = type.known();
    if (!node.isObject() || (node.isEmpty() && known.isEmpty())) {
      return problems.addValue(
          path,
          node,
          known.isEmpty()
              ? "must have at least one name with its value, such as {en: 1}"
              : "must be a section with keys " + String.join(", ", known));
    }
    SortedMap<Object, @Nullable Object> values = new TreeMap<>();
    int before = problems.list().size();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String at = JobKeys.join(path, JobProblems.shortened(entry.getKey()));
      Object name = mapKey(entry.getKey(), type, at);
      Object value =
          type.nullable() && entry.getValue().isNull()
              ? null
              : scalar(entry.getValue(), type.values(), key, at);
      if (name != null) {
        values.put(name, value);
      }
    }
    return problems.list().size() == before ? Collections.unmodifiableSortedMap(values) : null;
  }

  /** A name of a map: a constant of an enum, or the text; null for an unknown constant. */
  private @Nullable Object mapKey(String name, Key.MapType type, String path) {
    if (!type.keys().isEnum()) {
      return name;
    }
    Enum<?> constant = Spelling.constant(type.keys(), name);
    if (constant == null) {
      problems.add(UnknownKeys.problem(path, name, type.known()));
    }
    return constant;
  }

  /** A list; null if an element has a problem. A key may allow one element without brackets. */
  private @Nullable Object list(JsonNode node, Key key, String path) {
    if ((key.declared().orOne() && node.isValueNode())
        || (key.declared().orFirstKey() && !node.isArray())) {
      Object only = element(node, key, path);
      return only == null ? null : List.of(only);
    }
    if (!node.isArray()) {
      return problems.addValue(
          path, node, "must be a list, such as [ " + example(key.elementType()) + " ]");
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      values.add(element(node.get(i), key, path + "[" + i + "]"));
    }
    return values.contains(null) ? null : List.copyOf(values);
  }

  /** An element of a list; of a section, it may be only the value of its first key. */
  private @Nullable Object element(JsonNode node, Key key, String path) {
    JsonNode element = node;
    if (key.declared().orFirstKey() && node.isValueNode()) {
      String first = key.firstKeyOfElement().name();
      element = JsonNodeFactory.instance.objectNode().set(first, node);
    }
    return scalar(element, key.elementType(), key, path);
  }

  /**
   * One value of a type, which is that of the key, of an element of its list, or of a value of its
   * map.
   */
  private @Nullable Object scalar(JsonNode node, Class<?> type, Key key, String path) {
    if (type.isRecord()) {
      return node instanceof ObjectNode section
          ? section(section, type, path)
          : problems.addValue(
              path,
              node,
              "must be a section with keys " + String.join(", ", JobKeys.of(type).keySet()));
    }
    return scalars.read(node, type, key, path);
  }

  /** An example of an element of a list, for a message. */
  private static String example(Class<?> type) {
    if (type.isEnum()) {
      return Spelling.ofConstants(type).get(0);
    }
    return Key.isInteger(type) ? "1000" : "\"…\"";
  }
}
