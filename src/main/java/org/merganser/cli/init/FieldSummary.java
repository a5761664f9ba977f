package org.merganser.cli.init;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.merganser.corpus.read.JsonSample;

/**
 * What a sample of records has in a field.
 *
 * @param path of the field, such as {@code meta.lang}
 * @param records the number of records with a value
 * @param strings the number of these values that are strings
 * @param decimals the number of values that are numbers but not integers
 * @param characters the UTF-16 characters of all values that are not lists
 * @param values the distinct values that are not lists, with their counts, in the order in which
 *     they occur
 * @param list the first list that has items, or an empty one if there is no other; {@link
 *     FieldList#NONE} if no value is a list
 */
record FieldSummary(
    String path,
    int records,
    int strings,
    int decimals,
    long characters,
    Map<String, Integer> values,
    FieldList list) {
  /** The least records for each value, on average, of a field of groups without a usual name. */
  static final int RECORDS_PER_GROUP = 3;

  /** The path of a column without a name. */
  private static final String UNNAMED = "[\"\"]";

  /** A field with more distinct values has no groups. */
  private static final int MOST_GROUPS = 64;

  /** The maximum characters of a group; longer values are text. */
  private static final int LONGEST_GROUP = 40;

  /** The maximum mean length of an id. */
  private static final int LONGEST_ID = 200;

  /** Texts without spaces have at least this mean length. */
  private static final int SHORTEST_TEXT = 16;

  /** A summary for each field path of some records, in the order in which they occur. */
  static List<FieldSummary> of(List<Map<String, Object>> records) {
    Map<String, List<Object>> byPath = new LinkedHashMap<>();
    for (Map<String, Object> record : records) {
      record.forEach(
          (path, value) -> byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(value));
    }
    return byPath.entrySet().stream().map(field -> of(field.getKey(), field.getValue())).toList();
  }

  /**
   * The summary of a field.
   *
   * @param found its values, at least one: strings, numbers, booleans, and lists as {@link
   *     JsonNode}
   */
  private static FieldSummary of(String path, List<Object> found) {
    Map<String, Integer> values = new LinkedHashMap<>();
    int strings = 0;
    int decimals = 0;
    long characters = 0;
    FieldList list = FieldList.NONE;
    for (Object value : found) {
      if (value instanceof JsonNode node) {
        if (list.items().isEmpty()) {
          list = new FieldList(node);
        }
        continue;
      }
      String text = String.valueOf(value);
      if (value instanceof String) {
        strings++;
      }
      if (value instanceof Number && !text.matches("-?[0-9]+")) {
        decimals++;
      }
      characters += text.length();
      values.merge(text, 1, Integer::sum);
    }
    return new FieldSummary(path, found.size(), strings, decimals, characters, values, list);
  }

  /**
   * Whether the field path, in lower case, is a name or path or ends with it.
   *
   * @param name in lower case
   */
  boolean isNamed(String name) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.equals(name) || lower.endsWith("." + name);
  }

  /** Whether it is an unnamed column of row numbers, as pandas writes it. */
  boolean isIndex() {
    return path.equals(UNNAMED) && values.keySet().stream().allMatch(v -> v.matches("[0-9]+"));
  }

  /** Whether all values are strings. */
  boolean isText() {
    return strings == records;
  }

  /** Whether the text of the record could be in it: in its list if it has one, else in a string. */
  boolean holdsText() {
    return list.exists() ? list.mayHaveText() : strings > 0;
  }

  /** Whether it looks like prose or code, and not like a name or a mark. */
  boolean isLongText() {
    return isText() && (meanLength() >= SHORTEST_TEXT || hasSpaces());
  }

  /** What follows the last dot of the path: its last name, unless this is quoted. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * Whether less than half of the strings are bytes that are no text, such as those of an image;
   * true without strings.
   */
  boolean isReadable() {
    return 2 * countOf(FieldSummary::isBinary) < Math.max(1, strings);
  }

  /** Whether more than a quarter of the characters stand for bytes that are no text. */
  private static boolean isBinary(String value) {
    long wrong = value.chars().filter(c -> c == 0 || c == '\uFFFD').count();
    return 4 * wrong > value.length();
  }

  /** Whether at least half of the strings have a space; true without strings. */
  boolean isProse() {
    return 2 * countOf(value -> value.contains(" ")) >= strings;
  }

  /** Whether at least one value has a space. */
  boolean hasSpaces() {
    return values.keySet().stream().anyMatch(v -> v.contains(" "));
  }

  /**
   * Whether the field could be an id: no two records have the same value, no value is a decimal
   * number, and values are short.
   */
  boolean isDistinct() {
    return records > 1 && values.size() == records && decimals == 0 && meanLength() <= LONGEST_ID;
  }

  /**
   * Whether the values could be names of groups: at least two, few, short, and fewer than the
   * records.
   *
   * @param recordsPerValue the minimum, on average
   */
  boolean isGroup(int recordsPerValue) {
    return !list.exists()
        && decimals == 0
        && values.size() >= 2
        && values.size() < records
        && values.size() <= Math.min(MOST_GROUPS, records / recordsPerValue)
        && values.keySet().stream().allMatch(value -> value.length() <= LONGEST_GROUP);
  }

  /** The number of records whose value ends with a space or a line end. */
  int endingWithSpace() {
    return countOf(value -> Character.isWhitespace(value.charAt(value.length() - 1)));
  }

  /** The number of records whose value begins with a space or a line end. */
  int beginningWithSpace() {
    return countOf(value -> Character.isWhitespace(value.charAt(0)));
  }

  /** The number of records with a value that suits and is neither empty nor a list. */
  private int countOf(Predicate<String> suits) {
    return values.entrySet().stream()
        .filter(value -> !value.getKey().isEmpty() && suits.test(value.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Whether most values are strings that are chats in JSON, see {@link JsonSample#beginsChat}. */
  boolean hasChatsInStrings() {
    long chats =
        values.keySet().stream()
            .filter(value -> value.startsWith("["))
            .filter(value -> !JsonSample.ofLines(value.replace('\n', ' ')).isEmpty())
            .count();
    return 2 * chats > values.size();
  }

  /** Whether all values are lists, and the first that has items begins with a string. */
  boolean hasListedStrings() {
    return values.isEmpty() && list.beginsWithString();
  }

  /** Whether all values are lists, and the first that has items is one of single words. */
  boolean hasListedWords() {
    return values.isEmpty() && list.areWords();
  }

  /** The mean number of UTF-16 characters of a value; lists count as empty. */
  double meanLength() {
    return (double) characters / records;
  }
}
