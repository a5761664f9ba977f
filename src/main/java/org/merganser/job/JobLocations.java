package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Objects;
import java.util.function.BinaryOperator;

/** Finds and changes the locations in the tree of a job: the values of the keys that name files. */
final class JobLocations {
  private JobLocations() {}

  /**
   * Changes the locations in the tree of a job.
   *
   * @param change maps a key's path, such as {@code corpus.inputs[0]}, and its location to the new
   *     location
   */
  static void change(ObjectNode tree, BinaryOperator<String> change) {
    change(tree, Job.class, "", change);
  }

  /**
   * The value of a key, whose locations are relative to the current folder, with locations relative
   * to another folder.
   *
   * @param key the names of the sections and of the key
   * @param folder the other folder; empty for the current one
   */
  static JsonNode moved(String[] key, JsonNode value, String folder) {
    if (folder.isEmpty()) {
      return value;
    }
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    ObjectNode section = job;
    for (int i = 0; i < key.length - 1; i++) {
      section = section.putObject(key[i]);
    }
    String last = key[key.length - 1];
    section.set(last, value.deepCopy());
    String absolute = Locations.absolute(folder);
    change(job, (path, location) -> Locations.relativeTo(absolute, location));
    return Objects.requireNonNull(section.get(last));
  }

  /** Changes the locations in a section, which has this path. */
  private static void change(
      ObjectNode section, Class<?> type, String path, BinaryOperator<String> change) {
    for (Key key : JobKeys.of(type).values()) {
      JsonNode node = section.get(key.name());
      if (node != null) {
        section.set(key.name(), changed(node, key, JobKeys.join(path, key.name()), change));
      }
    }
  }

  /**
   * The value of a key, or an element of its list, with changed locations. A section or list is
   * changed in place.
   */
  private static JsonNode changed(
      JsonNode node, Key key, String path, BinaryOperator<String> change) {
    Class<?> type = key.isList() ? key.elementType() : key.type();
    if (node instanceof ObjectNode section && type.isRecord()) {
      change(section, type, path, change);
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode item = type.isRecord() ? list.get(i) : WrittenScalar.text(list.get(i));
        list.set(i, changed(item, key, path + "[" + i + "]", change));
      }
    } else if (node instanceof TextNode location
        && !location.isNull() // as a WrittenScalar may be
        && key.namesFiles()) {
      return TextNode.valueOf(change.apply(path, location.textValue()));
    }
    return node;
  }
}
