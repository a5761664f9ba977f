package org.merganser.corpus.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.FieldPath;
import org.merganser.json.Json;

/**
 * The first records of JSON, as {@link RecordSample} describes them. A record is an object or a
 * chat; any other value is left out, and so is what is not JSON, which a run reports.
 */
public final class JsonSample {
  private JsonSample() {}

  /** The records of JSON lines, whose last one may be cut. */
  public static List<Map<String, Object>> ofLines(String text) {
    List<Map<String, Object>> records = new ArrayList<>();
    for (String line : text.split("\n", RecordSample.MOST_RECORDS + 1)) {
      if (records.size() == RecordSample.MOST_RECORDS) {
        break; // this "line" is the rest of the text
      }
      JsonNode tree = parseOrNull(line);
      if (tree != null) {
        addRecord(tree, records);
      }
    }
    return records;
  }

  /** The records of a JSON array, whose text may end within an item. */
  static List<Map<String, Object>> ofArray(String text) throws IOException {
    List<Map<String, Object>> records = new ArrayList<>();
    try (MappingIterator<JsonNode> items = Json.MAPPER.readerFor(JsonNode.class).readValues(text)) {
      while (records.size() < RecordSample.MOST_RECORDS && items.hasNextValue()) {
        addRecord(items.nextValue(), records);
      }
    } catch (JsonProcessingException e) {
      return records; // invalid JSON, or the cut at the end; a run reports the former
    }
    return records;
  }

  /** Whether the first item of a list is a turn of a chat, with a speaker and a text. */
  public static boolean beginsChat(JsonNode list) {
    JsonNode turn = list.path(0);
    return (turn.path("role").isTextual() && turn.has("content"))
        || (turn.path("from").isTextual() && turn.has("value"));
  }

  /** Adds a value to the records if it is an object or a chat. */
  private static void addRecord(JsonNode value, List<Map<String, Object>> records) {
    if (value.isObject() || beginsChat(value)) {
      records.add(valuesByPath(value));
    }
  }

  /** The value of a line; null if it is not JSON, as the cut last line of a sample often is. */
  private static @Nullable JsonNode parseOrNull(String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The values of a record by field path; nulls have none. */
  static Map<String, Object> valuesByPath(JsonNode record) {
    Map<String, Object> values = new LinkedHashMap<>();
    addValues("", record, values);
    return values;
  }

  /** Adds the values at a path, and in objects below it. */
  private static void addValues(String path, JsonNode node, Map<String, Object> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field -> addValues(FieldPath.below(path, field.getKey()), field.getValue(), values));
    } else if (node.isTextual()) {
      values.put(path, node.textValue());
    } else if (node.isNumber()) {
      values.put(path, node.numberValue());
    } else if (node.isBoolean()) {
      values.put(path, node.booleanValue());
    } else if (node.isArray()) {
      values.put(path, node);
    }
  }
}
