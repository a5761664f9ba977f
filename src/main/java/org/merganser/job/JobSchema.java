package org.merganser.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.CorpusInput;
import org.merganser.job.key.JobKey;

/** The JSON Schema (draft 2020-12) of the job file, generated from the records, for editors. */
public final class JobSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The name in the schema of {@link CorpusInput}, the only section that several keys use. */
  private static final String INPUT = "input";

  private JobSchema() {}

  /** The schema, indented, with a final newline. */
  public static String json() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Merganser job");
    schema.setAll(section(Job.class));
    schema.putObject("$defs").set(INPUT, section(CorpusInput.class));
    return schema.toPrettyString() + "\n";
  }

  /** The schema of a section: an object with the keys of a record. */
  private static ObjectNode section(Class<?> type) {
    ObjectNode schema = JSON.objectNode();
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    for (Key key : JobKeys.of(type).values()) {
      properties.set(key.name(), property(key));
      if (key.required()) {
        required.add(key.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  /** The schema of a key with its description and default. */
  private static ObjectNode property(Key key) {
    ObjectNode schema = value(key);
    if (key.nullable()) {
      schema = orNull(schema);
    }
    schema.put("description", key.doc());
    if (!key.required()) {
      schema.set("default", key.defaultValue());
    }
    return schema;
  }

  /** The schema of the value of a key, other than null. */
  private static ObjectNode value(Key key) {
    if (key.isList()) {
      return list(key);
    }
    return key.map() != null ? map(key.map(), key) : scalar(key.type(), key);
  }

  /**
   * A list of elements. If the key has {@link JobKey#orOne}, also one element without brackets; if
   * it has {@link JobKey#orFirstKey}, also the value of an element's first key in place of an
   * element.
   */
  private static ObjectNode list(Key key) {
    boolean orFirstKey = key.declared().orFirstKey();
    List<ObjectNode> forms = new ArrayList<>();
    if (orFirstKey) {
      Key first = key.firstKeyOfElement();
      forms.add(scalar(first.type(), first).put("description", first.doc()));
    }
    forms.add(scalar(key.elementType(), key));
    ObjectNode list = JSON.objectNode().put("type", "array");
    list.set("items", anyOf(forms));
    if (!orFirstKey && !key.declared().orOne()) {
      return list;
    }
    forms.add(list);
    return anyOf(forms);
  }

  /** The schema of a section whose names are those of an enum, or any. */
  private static ObjectNode map(Key.MapType type, Key key) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode value = scalar(type.values(), key);
    if (type.known().isEmpty()) {
      schema.put("minProperties", 1);
    } else {
      putTexts(schema.putObject("propertyNames"), "enum", type.known());
    }
    schema.set("additionalProperties", type.nullable() ? orNull(value) : value);
    return schema;
  }

  /** The schema of a value that may be null. */
  private static ObjectNode orNull(ObjectNode value) {
    return anyOf(List.of(value, JSON.objectNode().put("type", "null")));
  }

  /** The schema of a value in one of these forms; the form itself if there is only one. */
  private static ObjectNode anyOf(List<ObjectNode> forms) {
    if (forms.size() == 1) {
      return forms.get(0);
    }
    ObjectNode either = JSON.objectNode();
    either.putArray("anyOf").addAll(forms);
    return either;
  }

  /** The schema of one value of a type; bounds and known values are those of the key. */
  private static ObjectNode scalar(Class<?> type, Key key) {
    if (type == CorpusInput.class) {
      return JSON.objectNode().put("$ref", "#/$defs/" + INPUT);
    }
    if (type.isRecord()) {
      return section(type);
    }
    if (type.isEnum()) {
      ObjectNode schema = JSON.objectNode();
      putTexts(schema, "enum", Spelling.ofConstants(type));
      return schema;
    }
    if (Key.isInteger(type)) {
      return integer(key);
    }
    if (Key.isReal(type)) {
      return real(key);
    }
    if (type == boolean.class) {
      return JSON.objectNode().put("type", "boolean");
    }
    return text(key);
  }

  /** An integer within the bounds of the key, as a number or in a {@link WholeNumber#FORM}. */
  private static ObjectNode integer(Key key) {
    ObjectNode schema = JSON.objectNode();
    schema.putArray("type").add("integer").add("string");
    schema.put("pattern", WholeNumber.FORM);
    if (key.declared().min() != Long.MIN_VALUE) {
      schema.put("minimum", key.declared().min());
    }
    if (key.max() != Long.MAX_VALUE) {
      schema.put("maximum", key.max());
    }
    return schema;
  }

  /** A number within the bounds of the key. */
  private static ObjectNode real(Key key) {
    ObjectNode schema = JSON.objectNode().put("type", "number");
    if (key.declared().minReal() != Double.NEGATIVE_INFINITY) {
      schema.put("minimum", key.declared().minReal());
    }
    if (key.declared().maxReal() != Double.POSITIVE_INFINITY) {
      schema.put("maximum", key.declared().maxReal());
    }
    return schema;
  }

  /** A text, with the names that are known for it as examples. */
  private static ObjectNode text(Key key) {
    ObjectNode schema = JSON.objectNode().put("type", "string");
    if (!key.known().isEmpty()) {
      putTexts(schema, "examples", key.known());
    }
    return schema;
  }

  private static void putTexts(ObjectNode schema, String name, List<String> texts) {
    ArrayNode list = schema.putArray(name);
    texts.forEach(list::add);
  }
}
