package org.merganser.job;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.job.key.KeyRole;

/**
 * Writes a job: with all defaults for {@code --explain}, manifests and fingerprints, or only the
 * keys that differ from them.
 */
public final class JobWriter {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

  /** Writes all keys of a section, also those of an input. */
  private static final JsonMapper ALL_KEYS =
      JsonMapper.builder().annotationIntrospector(new Spellings()).build();

  /** Writes an input without the keys that have their defaults. */
  private static final ObjectMapper SHORT_INPUTS =
      ALL_KEYS.copy().registerModule(new SimpleModule().addSerializer(new InputSerializer()));

  private JobWriter() {}

  /** The job as a tree of all keys, in declaration order; equal jobs have equal trees. */
  public static ObjectNode tree(Job job) {
    return SHORT_INPUTS.valueToTree(job);
  }

  /** The job as in a manifest: without the keys of the place of its output. */
  public static ObjectNode portable(Job job) {
    ObjectNode tree = tree(job);
    for (Key key : JobKeys.of(Job.class).values()) {
      if (key.hasRole(Set.of(KeyRole.PLACE))) {
        tree.remove(key.name());
      }
    }
    return tree;
  }

  /** A section, or a value of a key, as in {@link #tree}. */
  public static JsonNode sectionTree(@Nullable Object section) {
    return SHORT_INPUTS.valueToTree(section);
  }

  /**
   * The keys whose values differ from their defaults, with their values as text: each element of a
   * list or map separately, such as {@code shards.formats[0]}, and {@code {}} for an optional
   * section besides its values. The text of null is empty.
   */
  public static SortedMap<String, String> changes(Job job) {
    ObjectNode tree = withoutDefaults(tree(job), Job.class);
    SortedMap<String, String> changes = values(tree, "");
    JobKeys.all()
        .forEach(
            (path, key) -> {
              boolean isOptional = key.type().isRecord() && key.nullable();
              if (isOptional && tree.at(JobKeys.pointer(path)).isObject()) {
                changes.put(path, "{}");
              }
            });
    return changes;
  }

  /**
   * The values below a key as texts, by path: equal values have equal texts, however they are
   * written. The text of null is empty.
   *
   * @param at the path of the value
   */
  static SortedMap<String, String> values(JsonNode value, String at) {
    SortedMap<String, String> values = new TreeMap<>();
    if (value.isArray() && !value.isEmpty()) {
      for (int i = 0; i < value.size(); i++) {
        values.putAll(values(value.get(i), at + "[" + i + "]"));
      }
    } else if (value.isObject() && !value.isEmpty()) {
      value
          .properties()
          .forEach(
              entry -> values.putAll(values(entry.getValue(), JobKeys.join(at, entry.getKey()))));
    } else if (value.isNumber()) { // 1, 1.0 and 1E0 are one number
      values.put(at, value.decimalValue().stripTrailingZeros().toPlainString());
    } else if (value.isContainerNode()) { // an empty one
      values.put(at, value.toString());
    } else {
      values.put(at, value.asText(""));
    }
    return values;
  }

  /** The job as a job file with all keys. */
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

  /** A job's tree as a job file, without the keys that have their defaults. */
  public static String shortYaml(ObjectNode job) {
    return yaml(withoutDefaults(job, Job.class));
  }

  /** A section without the keys that have their defaults. */
  private static ObjectNode withoutDefaults(ObjectNode section, Class<?> type) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    for (Key key : JobKeys.of(type).values()) {
      JsonNode value = section.path(key.name());
      if (key.type().isRecord() && value instanceof ObjectNode inner) {
        ObjectNode changed = withoutDefaults(inner, key.type());
        if (key.nullable() || !changed.isEmpty()) { // an optional section is absent by default
          written.set(key.name(), changed);
        }
      } else if (!value.isMissingNode() && !isDefault(value, key)) {
        written.set(key.name(), value);
      }
    }
    return written;
  }

  private static boolean isDefault(JsonNode value, Key key) {
    return !key.required() && values(value, "").equals(values(key.defaultValue(), ""));
  }

  /** Writes constants as job files spell them. */
  private static final class Spellings extends JacksonAnnotationIntrospector {
    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
      return Arrays.stream(constants).map(Spelling::ofConstant).toArray(String[]::new);
    }
  }

  /**
   * Writes an input without the keys that have their defaults. An input that has only a path is
   * written as the path.
   */
  private static final class InputSerializer extends StdSerializer<CorpusInput> {
    InputSerializer() {
      super(CorpusInput.class);
    }

    @Override
    public void serialize(CorpusInput input, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      ObjectNode section = withoutDefaults(ALL_KEYS.valueToTree(input), CorpusInput.class);
      out.writeTree(section.size() == 1 ? section.elements().next() : section);
    }
  }
}
