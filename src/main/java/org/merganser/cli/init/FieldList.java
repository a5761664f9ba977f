package org.merganser.cli.init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/**
 * A list that a field has in a sample of records. By its items {@link FieldSummary} knows what the
 * lists of the field hold.
 *
 * @param items the list; a missing node if the field has none
 */
record FieldList(JsonNode items) {
  /** The list of a field without lists. */
  static final FieldList NONE = new FieldList(MissingNode.getInstance());

  /** What no single word matches: a text with a space, or of 40 characters or more. */
  private static final String NO_WORD = "(?s).*\\s.*|.{40,}";

  /** Whether the field has a list, which may be empty. */
  boolean exists() {
    return !items.isMissingNode();
  }

  /** The first item; a missing node without items. */
  JsonNode first() {
    return items.path(0);
  }

  /** Whether the first item is a string. */
  boolean beginsWithString() {
    return first().isTextual();
  }

  /** Whether the first item is a segment: it has {@code text} and {@code loss}. */
  boolean beginsWithSegment() {
    return first().path("text").isTextual() && first().path("loss").isBoolean();
  }

  /** Whether the first item is a string, or a record or list that may have some. */
  boolean mayHaveText() {
    return beginsWithString() || first().isContainerNode();
  }

  /** Whether there are several items, all single words, as in corpora of marked words. */
  boolean areWords() {
    if (items.size() < 2) {
      return false;
    }
    for (JsonNode item : items) {
      if (!item.isTextual() || item.textValue().matches(NO_WORD)) {
        return false;
      }
    }
    return true;
  }

  /** The UTF-16 characters of all strings, also of those in the items. */
  long characters() {
    return characters(items);
  }

  private static long characters(JsonNode node) {
    long sum = node.isTextual() ? node.textValue().length() : 0;
    for (JsonNode child : node) {
      sum += characters(child);
    }
    return sum;
  }

  /** The name of the longest string in the first item; "" if this is no object with strings. */
  String nameOfLongestText() {
    String longest = "";
    for (Map.Entry<String, JsonNode> field : first().properties()) {
      String text = field.getValue().textValue();
      if (text != null && text.length() > first().path(longest).asText().length()) {
        longest = field.getKey();
      }
    }
    return longest;
  }
}
