package org.merganser.corpus.kind;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;

/**
 * Where the records of one JSON object are: in a list, in columns, or in its keys. {@link
 * JsonOutlineReader} finds its members and lists in the beginning of a file. Lists of the turns of
 * a chat, or of segments, are parts of a record and are ignored.
 */
final class JsonOutline {
  /** Fewer objects with the same keys are not taken for records. */
  private static final int LEAST_RECORDS = 3;

  /** Fewer texts are not taken for documents if their keys differ by numbers alone. */
  private static final int LEAST_TEXTS = 8;

  /** Fewer texts are not taken for documents if their keys differ otherwise. */
  private static final int LEAST_OTHER_TEXTS = 30;

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

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

    /**
     * @param path the names of the fields that lead to it
     */
    Items(Deque<String> path) {
      this.path = String.join(".", path);
      this.steps = path.stream().map(Items::jqStep).collect(Collectors.joining());
    }

    /** Counts the characters of a string that has a space. */
    void add(int stringLength) {
      characters += stringLength;
    }

    /** The names of the fields that lead to it, with dots. */
    String path() {
      return path;
    }

    /** The path as jq reads it. */
    String steps() {
      return steps;
    }

    /** The step of a path in jq that leads to a key, for a command in single quotes. */
    private static String jqStep(String key) {
      return "." + (key.matches("[A-Za-z_]\\w*") ? key : Json.line(key).replace("'", "'\\''"));
    }
  }

  /**
   * A member of the object.
   *
   * @param key its name
   * @param token the first one of its value
   * @param keys those of its value, if that is an object; the reader adds to them
   * @param hasWords whether its value is a string with a space
   */
  record Member(String key, JsonToken token, List<String> keys, boolean hasWords) {}

  private final List<Items> lists;
  private final List<Member> members;
  private final boolean severalLines;

  /**
   * @param lists as {@link #lists()}
   * @param members those of the object, in their order; empty if the value is no object
   * @param severalLines as {@link #hasSeveralLines}
   */
  JsonOutline(List<Items> lists, List<Member> members, boolean severalLines) {
    this.lists = lists;
    this.members = members;
    this.severalLines = severalLines;
  }

  /** Whether the value has several lines, or the sample ends after the first of them. */
  boolean hasSeveralLines() {
    return severalLines;
  }

  /** The lists of objects, in the order in which they begin. */
  List<Items> lists() {
    return lists;
  }

  /** The list with most text in the sample, the first of equals; there must be one. */
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
   * Whether the values, which are objects, are columns: the first has several numbers of rows as
   * its keys.
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
