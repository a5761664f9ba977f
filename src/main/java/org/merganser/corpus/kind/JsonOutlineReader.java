package org.merganser.corpus.kind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.json.Json;

/** Reads the {@link JsonOutline} of a file from its beginning, which may end within the value. */
final class JsonOutlineReader {
  /** The most names in the path of a list; deeper ones are not found. */
  private static final int MOST_NAMES = 8;

  /** The lists of objects that may be records, in the order in which they begin. */
  private final List<JsonOutline.Items> lists = new ArrayList<>();

  /** The members of the object, in their order. */
  private final List<JsonOutline.Member> members = new ArrayList<>();

  private JsonOutlineReader() {}

  /**
   * The outline of the JSON value with which a file begins.
   *
   * @param bytes the first bytes of the file, in {@code [from, to)}
   */
  static JsonOutline read(byte[] bytes, int from, int to) {
    JsonOutlineReader reader = new JsonOutlineReader();
    boolean severalLines = false;
    int start = from;
    if (ByteOrderMark.begins(bytes, from, to)) {
      start += ByteOrderMark.LENGTH;
    }
    while (start < to && " \t\r\n".indexOf(bytes[start]) >= 0) {
      start++;
    }
    if (start < to && (bytes[start] == '{' || bytes[start] == '[')) {
      int end = reader.readValue(bytes, start, to);
      severalLines = ByteSearch.indexOf(bytes, start, end, (byte) '\n') >= 0;
    }
    return new JsonOutline(reader.lists, reader.members, severalLines);
  }

  /** Reads the value that begins at {@code from}; returns its end, or that of the sample. */
  private int readValue(byte[] bytes, int from, int to) {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(bytes, from, to - from)) {
      Deque<String> path = new ArrayDeque<>();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        readObject(parser, path);
      } else {
        parser.skipChildren();
      }
      return from + (int) parser.currentLocation().getByteOffset();
    } catch (IOException cut) {
      return to; // the sample ends within the value, or the value is not JSON
    }
  }

  /**
   * Reads the members of an object after its brace, and those of objects in it.
   *
   * @param path the names that lead to the object
   */
  private void readObject(JsonParser parser, Deque<String> path) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      path.addLast(parser.currentName());
      JsonToken token = parser.nextToken();
      if (path.size() == 1) {
        boolean hasWords = isWords(token, parser);
        members.add(
            new JsonOutline.Member(parser.currentName(), token, new ArrayList<>(), hasWords));
      } else if (path.size() == 2) { // a key of the member's value
        members.get(members.size() - 1).keys().add(parser.currentName());
      }
      if (token == JsonToken.START_OBJECT && path.size() < MOST_NAMES) {
        readObject(parser, path);
      } else if (token == JsonToken.START_ARRAY) {
        readList(parser, path);
      } else {
        parser.skipChildren();
      }
      path.removeLast();
    }
  }

  /** Reads a list after its bracket; adds it to the lists if its first item is an object. */
  private void readList(JsonParser parser, Deque<String> path) throws IOException {
    JsonToken token = parser.nextToken();
    JsonOutline.Items items = null;
    if (token == JsonToken.START_OBJECT) {
      items = new JsonOutline.Items(path);
      lists.add(items); // it counts even if the sample ends within its first item
      Set<String> keys = new HashSet<>();
      boolean complete = false; // until the item has ended within the sample
      try {
        readFirstItem(parser, items, keys);
        complete = true;
      } finally {
        if (isPartOfRecord(keys, complete)) {
          lists.remove(items);
        }
      }
      token = parser.nextToken();
    }
    int depth = 1 + depthChange(token);
    while (depth > 0) {
      if (items != null) {
        addText(items, token, parser);
      }
      token = parser.nextToken();
      depth += depthChange(token);
    }
  }

  /** How a token changes the depth; the end of the sample is an exception. */
  private static int depthChange(@Nullable JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("the sample ends");
    }
    if (token.isStructStart()) {
      return 1;
    }
    return token.isStructEnd() ? -1 : 0;
  }

  /** Counts the text of a token, if it is a string with a space. */
  private static void addText(JsonOutline.Items items, JsonToken token, JsonParser parser)
      throws IOException {
    if (isWords(token, parser)) {
      items.add(parser.getTextLength());
    }
  }

  /** Whether the current token is a string with a space. */
  private static boolean isWords(JsonToken token, JsonParser parser) throws IOException {
    return token == JsonToken.VALUE_STRING && parser.getText().contains(" ");
  }

  /**
   * Reads the first item of a list after its brace.
   *
   * @param keys receives its keys, also if the sample ends within the item
   * @throws IOException if the sample ends within the item
   */
  private static void readFirstItem(JsonParser parser, JsonOutline.Items items, Set<String> keys)
      throws IOException {
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      int change = depthChange(token);
      if (depth == 1 && token == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
      } else {
        addText(items, token, parser);
      }
      depth += change;
    }
  }

  /**
   * Whether a list is a chat or segments, by the keys of its first item.
   *
   * @param complete whether these are all keys of the item; if not, one typical key decides
   */
  private static boolean isPartOfRecord(Set<String> keys, boolean complete) {
    if (!complete) {
      return keys.contains("role") || keys.contains("from") || keys.contains("loss");
    }
    return (keys.contains("role") && keys.contains("content"))
        || (keys.contains("from") && keys.contains("value"))
        || (keys.contains("text") && keys.contains("loss"));
  }
}
