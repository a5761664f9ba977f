package org.merganser.corpus.kind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.json.Json;

/**
 * Where the records of one JSON object are, found from its beginning: in a list, in columns, or in
 * its keys. Lists of the turns of a chat, or of segments, are parts of a record and are ignored.
 */
final class JsonOutline {
  /** Where the records are. */
  enum Form {
    /** In lists of objects. */
    LISTS,
    /** In the lists {@code columns} and {@code data}, of which the latter has no objects. */
    TABLE,
    /** In columns: each value is an object, and the keys of the first are numbers of rows. */
    COLUMNS,
    /** In its keys: each value is an object, and they have the same keys. */
    RECORDS,
    /** In its keys: each value is a string, half of them have a space, and they are many. */
    TEXTS,
    /** Nowhere that is known. */
    OTHER
  }

  /** A list of objects, which may be records. */
  static final class Items {
    private final String path;
    private final String steps;

    /** The number of characters in those of its strings that have a space. */
    private long characters;

    private Items(Deque<String> path) {
      this.path = String.join(".", path);
      this.steps = path.stream().map(JsonOutline::jqStep).collect(Collectors.joining());
    }

    /** The names of the fields that lead to it, with dots. */
    String path() {
      return path;
    }

    /** The path as jq reads it. */
    String steps() {
      return steps;
    }
  }

  /** The most names in the path of a list; deeper ones are not found. */
  private static final int MOST_NAMES = 8;

  /** Fewer objects with the same keys are not taken for records. */
  private static final int LEAST_RECORDS = 3;

  /** Fewer texts are not taken for documents if their keys differ by numbers alone. */
  private static final int LEAST_TEXTS = 8;

  /** Fewer texts are not taken for documents if their keys differ otherwise. */
  private static final int LEAST_OTHER_TEXTS = 30;

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /**
   * A member of the object.
   *
   * @param key its name
   * @param token the first one of its value
   * @param keys of its value, if that is an object
   * @param hasWords whether its value is a string with a space
   */
  private record Member(String key, JsonToken token, List<String> keys, boolean hasWords) {}

  /** As {@link #lists()}. */
  private final List<Items> lists = new ArrayList<>();

  /** The members of the object, in their order. */
  private final List<Member> members = new ArrayList<>();

  /** As {@link #hasSeveralLines}. */
  private boolean severalLines;

  private JsonOutline() {}

  /**
   * The outline of the JSON value with which a file begins.
   *
   * @param bytes the first bytes of the file, in {@code [from, to)}
   */
  static JsonOutline of(byte[] bytes, int from, int to) {
    JsonOutline outline = new JsonOutline();
    int start = from;
    if (ByteOrderMark.begins(bytes, from, to)) {
      start += ByteOrderMark.LENGTH;
    }
    while (start < to && " \t\r\n".indexOf(bytes[start]) >= 0) {
      start++;
    }
    if (start < to && (bytes[start] == '{' || bytes[start] == '[')) {
      outline.read(bytes, start, to);
    }
    return outline;
  }

  /** Reads the value that begins at {@code from}. */
  private void read(byte[] bytes, int from, int to) {
    int end = to; // of the value, or of the sample within it
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(bytes, from, to - from)) {
      Deque<String> path = new ArrayDeque<>();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        readObject(parser, path);
      } else {
        parser.skipChildren();
      }
      end = from + (int) parser.currentLocation().getByteOffset();
    } catch (IOException cut) {
      end = to; // the sample ends within the value, or the value is not JSON
    }
    for (int i = from; i < end; i++) {
      severalLines |= bytes[i] == '\n';
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
        boolean words = token == JsonToken.VALUE_STRING && parser.getText().contains(" ");
        members.add(new Member(parser.currentName(), token, new ArrayList<>(), words));
      } else if (path.size() == 2) {
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
    Items items = null;
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      items = new Items(path);
      lists.add(items); // it counts even if the sample ends within its first item
      Set<String> keys = new HashSet<>();
      boolean complete = readFirstItem(parser, items, keys);
      if (isPartOfRecord(keys, complete)) {
        lists.remove(items);
      }
      token = parser.nextToken();
    }
    int depth = 1;
    while (true) {
      depth += depthChange(token);
      if (depth == 0) {
        return;
      }
      if (items != null) {
        addText(items, token, parser);
      }
      token = parser.nextToken();
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
  private static void addText(Items items, JsonToken token, JsonParser parser) throws IOException {
    if (token == JsonToken.VALUE_STRING && parser.getText().contains(" ")) {
      items.characters += parser.getTextLength();
    }
  }

  /**
   * Reads the first item of a list after its brace.
   *
   * @param keys receives its keys
   * @return false if the sample ends within the item
   */
  private static boolean readFirstItem(JsonParser parser, Items items, Set<String> keys) {
    int depth = 1;
    while (depth > 0) {
      try {
        JsonToken token = parser.nextToken();
        int change = depthChange(token);
        if (depth == 1 && token == JsonToken.FIELD_NAME) {
          keys.add(parser.currentName());
        } else {
          addText(items, token, parser);
        }
        depth += change;
      } catch (IOException cut) {
        return false;
      }
    }
    return true;
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

  /** The step of a path in jq that leads to a key, for a command in single quotes. */
  private static String jqStep(String key) {
    return "." + (key.matches("[A-Za-z_]\\w*") ? key : Json.line(key).replace("'", "'\\''"));
  }

  /** Whether the value has several lines, or the sample ends after the first of them. */
  boolean hasSeveralLines() {
    return severalLines;
  }

  /** The lists of objects, in the order in which they begin. */
  List<Items> lists() {
    return lists;
  }

  /** The list with most text in the sample; there must be one. */
  Items withMostText() {
    return lists.stream()
        .reduce((a, b) -> b.characters > a.characters ? b : a)
        .orElseThrow(() -> new IllegalStateException("no list of objects"));
  }

  /** The field of a usual name that has the text of the object itself; null for none. */
  @Nullable String textField() {
    return members.stream()
        .filter(member -> member.token() == JsonToken.VALUE_STRING)
        .map(Member::key)
        .filter(WholeJson.TEXT_NAMES::contains)
        .min(Comparator.comparingInt(WholeJson.TEXT_NAMES::indexOf))
        .orElse(null);
  }

  /** Where the records of the object are; {@link Form#OTHER} if the value is no object. */
  Form form() {
    Set<String> arrays =
        members.stream()
            .filter(member -> member.token() == JsonToken.START_ARRAY)
            .map(Member::key)
            .collect(Collectors.toSet());
    if (arrays.contains("columns") && arrays.contains("data") && !isListOfObjects("data")) {
      return Form.TABLE;
    }
    if (areAll(JsonToken.START_OBJECT) && areColumns()) {
      return Form.COLUMNS;
    }
    if (areAll(JsonToken.START_OBJECT) && areRecords()) {
      return Form.RECORDS;
    }
    if (!lists.isEmpty()) {
      return Form.LISTS;
    }
    return areAll(JsonToken.VALUE_STRING) && areTexts() ? Form.TEXTS : Form.OTHER;
  }

  private boolean isListOfObjects(String path) {
    return lists.stream().anyMatch(items -> items.path().equals(path));
  }

  /** Whether each value begins with a token. */
  private boolean areAll(JsonToken token) {
    return members.stream().allMatch(member -> member.token() == token);
  }

  /**
   * Whether the values, which are objects, are columns: the first has several numbers of rows as its
   * keys.
   */
  private boolean areColumns() {
    List<String> first = firstKeys();
    return first.size() > 1 && first.stream().allMatch(key -> NUMBER.matcher(key).matches());
  }

  /**
   * Whether there are enough values, which are objects, and all but the last have the same keys.
   */
  private boolean areRecords() {
    List<String> first = firstKeys();
    return members.size() >= LEAST_RECORDS
        && !first.isEmpty()
        && members.subList(0, members.size() - 1).stream() // the sample may cut the last
            .allMatch(member -> member.keys().equals(first));
  }

  private List<String> firstKeys() {
    return members.isEmpty() ? List.of() : members.get(0).keys();
  }

  /** Whether half of the values or more have words, and there are enough for how keys differ. */
  private boolean areTexts() {
    long words = members.stream().filter(Member::hasWords).count();
    long shapes =
        members.stream()
            .map(member -> NUMBER.matcher(member.key()).replaceAll("9"))
            .distinct()
            .limit(2)
            .count();
    int least = shapes == 1 ? LEAST_TEXTS : LEAST_OTHER_TEXTS;
    return 2 * words >= members.size() && members.size() >= least;
  }
}
