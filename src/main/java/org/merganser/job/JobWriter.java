package org.merganser.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;

/** Writes a job with all defaults: for {@code --explain}, manifests, fingerprints. */
public final class JobWriter {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

  private JobWriter() {}

  /** The job as a tree, keys in declaration order; equal jobs have equal trees. */
  public static ObjectNode tree(Job job) {
    return (ObjectNode) node(job);
  }

  /** The job as in a manifest: without the keys of the place of its output. */
  public static ObjectNode portable(Job job) {
    ObjectNode tree = tree(job);
    for (Key key : Key.of(Job.class).values()) {
      if (key.decides(Set.of(Decides.PLACE))) {
        tree.remove(key.name());
      }
    }
    return tree;
  }

  public static JsonNode sectionTree(@Nullable Object section) {
    return node(section);
  }

  /**
   * The keys whose values differ from their defaults, with their values as text: each element of a
   * list or map separately, such as {@code shards.formats[0]}, and {@code {}} for an optional
   * section. A null is an empty text.
   */
  public static SortedMap<String, String> changes(Job job) {
    SortedMap<String, String> changes = new TreeMap<>();
    addChanges(tree(job), Job.class, "", changes);
    return changes;
  }

  private static void addChanges(
      JsonNode section, Class<?> type, String path, SortedMap<String, String> changes) {
    for (Key key : Key.of(type).values()) {
      String at = JobTree.join(path, key.name());
      JsonNode value = section.path(key.name());
      if (key.type().isRecord() && value.isObject()) {
        if (key.nullable()) {
          changes.put(at, "{}");
        }
        addChanges(value, key.type(), at, changes);
      } else if (key.required() || !values(value, at).equals(values(key.defaultValue(), at))) {
        changes.putAll(values(value, at));
      }
    }
  }

  /** The values below a key as text: the same for equal values, however they are written. */
  static SortedMap<String, String> values(JsonNode value, String at) {
    SortedMap<String, String> values = new TreeMap<>();
    if (value.isContainerNode() && !value.isEmpty()) {
      for (int i = 0; i < value.size() && value.isArray(); i++) {
        values.putAll(values(value.get(i), at + "[" + i + "]"));
      }
      value.properties().forEach(e -> values.putAll(values(e.getValue(), at + "." + e.getKey())));
    } else if (value.isNumber()) { // 1, 1.0 and 1E0 are one number
      values.put(at, value.decimalValue().stripTrailingZeros().toPlainString());
    } else {
      values.put(at, value.isContainerNode() ? value.toString() : value.asText(""));
    }
    return values;
  }

  public static String yaml(Job job) {
    return yaml(tree(job));
  }

  private static String yaml(ObjectNode job) {
    try {
      return YAML.writeValueAsString(job);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }

  private static JsonNode node(@Nullable Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value == null) {
      return json.nullNode();
    }
    if (value instanceof Record section) {
      ObjectNode node = json.objectNode();
      for (RecordComponent component : section.getClass().getRecordComponents()) {
        Field field = component.getAnnotation(Field.class);
        Object member = get(section, component);
        if (component.isAnnotationPresent(Unwrapped.class)) {
          node.setAll((ObjectNode) node(member));
        } else if (field != null) {
          node.set(
              component.getName(),
              field.orFirstKey() && member instanceof List<?> list ? elements(list) : node(member));
        }
      }
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = json.objectNode();
      map.forEach(
          (key, inner) ->
              node.set(
                  key instanceof Enum<?> name ? Spelling.ofConstant(name) : key.toString(),
                  node(inner)));
      return node;
    }
    if (value instanceof List<?> list) {
      ArrayNode node = json.arrayNode();
      list.forEach(element -> node.add(node(element)));
      return node;
    }
    if (value instanceof Enum<?> constant) {
      return json.textNode(Spelling.ofConstant(constant));
    }
    if (value instanceof Boolean flag) {
      return json.booleanNode(flag);
    }
    if (value instanceof Double number) {
      return json.numberNode(number);
    }
    if (value instanceof Number number) {
      return json.numberNode(number.longValue());
    }
    return json.textNode(value.toString());
  }

  /**
   * Elements of a list of sections, without keys that have their defaults. An element with only its
   * first key is written as the value of that key.
   */
  private static ArrayNode elements(List<?> list) {
    ArrayNode elements = JsonNodeFactory.instance.arrayNode();
    for (Object element : list) {
      ObjectNode section = withoutDefaults((ObjectNode) node(element), element.getClass());
      elements.add(section.size() == 1 ? section.elements().next() : section);
    }
    return elements;
  }

  /** A job's tree as a job file, without the keys that have their defaults. */
  public static String shortYaml(ObjectNode job) {
    return yaml(withoutDefaults(job, Job.class));
  }

  private static ObjectNode withoutDefaults(ObjectNode section, Class<?> type) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    for (Key key : Key.of(type).values()) {
      JsonNode value = section.path(key.name());
      boolean nested = key.type().isRecord() && value.isObject();
      JsonNode kept = nested ? withoutDefaults((ObjectNode) value, key.type()) : value;
      boolean byDefault =
          nested
              ? kept.isEmpty() && !key.nullable()
              : !key.required() && values(value, "").equals(values(key.defaultValue(), ""));
      if (!value.isMissingNode() && !byDefault) {
        written.set(key.name(), kept);
      }
    }
    return written;
  }

  private static @Nullable Object get(Record section, RecordComponent component) {
    try {
      return component.getAccessor().invoke(section);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("component " + component + " cannot be read", e);
    }
  }
}
