package org.merganser.cli.init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.read.JsonSample;
import org.merganser.message.Phrase;

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
 * @param list the first list that has items, or an empty one if there is no other; null if no value
 *     is a list
 */
record FieldSummary(
    String path,
    int records,
    int strings,
    int decimals,
    long characters,
    Map<String, Integer> values,
    @Nullable JsonNode list) {
  /** The least records for each value, on average, of a group without a usual name. */
  static final int RECORDS_PER_GROUP = 3;

  /** The path of a column without a name. */
  private static final String UNNAMED = "[\"\"]";

  /** A field with more values has no groups. */
  private static final int MOST_GROUPS = 64;

  /** The maximum characters of a group; longer values are text. */
  private static final int LONGEST_GROUP = 40;

  /** The maximum mean length of an id. */
  private static final int LONGEST_ID = 200;

  /** Texts without spaces have at least this mean length. */
  private static final int SHORTEST_TEXT = 16;

  /** The most code points of an example that are shown. */
  private static final int LONGEST_EXAMPLE = 40;

  /** What no item of a list of words matches: a text with a space, or of 40 characters or more. */
  private static final String NO_WORD = "(?s).*\\s.*|.{40,}";

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
   * @param found its values: strings, numbers, booleans, and lists as {@link JsonNode}
   */
  private static FieldSummary of(String path, List<Object> found) {
    Map<String, Integer> values = new LinkedHashMap<>();
    int strings = 0;
    int decimals = 0;
    long characters = 0;
    JsonNode list = null;
    for (Object value : found) {
      if (value instanceof JsonNode node) {
        if (list == null || list.isEmpty()) {
          list = node;
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
   * @param name in lower case; every field has the name ""
   */
  boolean isNamed(String name) {
    String lower = path.toLowerCase(Locale.ROOT);
    return name.isEmpty() || lower.equals(name) || lower.endsWith("." + name);
  }

  /** Whether it is an unnamed column of row numbers, as pandas writes it. */
  boolean isIndex() {
    return path.equals(UNNAMED) && values.keySet().stream().allMatch(v -> v.matches("[0-9]+"));
  }

  /** Whether all values are strings. */
  boolean isText() {
    return strings == records;
  }

  /** Whether it has a string, or {@link #hasListedText}: the text of the record could be in it. */
  boolean holdsText() {
    return list != null ? hasListedText() : strings > 0;
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
   * Whether less than half of the strings are bytes that are no text, such as those of an image.
   */
  boolean isReadable() {
    return 2 * countOf(FieldSummary::isBinary) < Math.max(1, strings);
  }

  /** Whether more than a quarter of the characters stand for bytes that are no text. */
  private static boolean isBinary(String value) {
    long wrong = value.chars().filter(c -> c == 0 || c == '\uFFFD').count();
    return 4 * wrong > value.length();
  }

  /** Whether at least half of the strings have a space. */
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
    return list == null
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

  /** The number of records with a value that is not empty and suits. */
  private int countOf(Predicate<String> suits) {
    return values.entrySet().stream()
        .filter(value -> !value.getKey().isEmpty() && suits.test(value.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Whether it is a list of segments: the first item has {@code text} and {@code loss}. */
  boolean hasSegments() {
    JsonNode segment = list == null ? null : list.path(0);
    return segment != null && segment.path("text").isTextual() && segment.path("loss").isBoolean();
  }

  /** Whether it is a list whose first item is a string, or a record or list that may have some. */
  boolean hasListedText() {
    return beginsWithString() || (list != null && list.path(0).isContainerNode());
  }

  /** Whether it is a list whose first item is a string. */
  boolean beginsWithString() {
    return list != null && list.path(0).isTextual();
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

  /** Whether {@link #list} has several items, all single words, as in corpora of marked words. */
  boolean hasListedWords() {
    if (!hasListedStrings() || list == null || list.size() < 2) {
      return false;
    }
    for (JsonNode item : list) {
      if (!item.isTextual() || item.textValue().matches(NO_WORD)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all values are lists, and the first that has items begins with a string. */
  boolean hasListedStrings() {
    return values.isEmpty() && beginsWithString();
  }

  /** The characters of all strings in the first list that has items. */
  long listedCharacters() {
    return list == null ? 0 : characters(list);
  }

  private static long characters(JsonNode node) {
    long sum = node.isTextual() ? node.textValue().length() : 0;
    for (JsonNode child : node) {
      sum += characters(child);
    }
    return sum;
  }

  /** The name of the longest string in the first object of a list of objects; "" for none. */
  String nameOfLongestText() {
    String longest = "";
    JsonNode item = list == null ? MissingNode.getInstance() : list.path(0);
    for (Map.Entry<String, JsonNode> field : item.properties()) {
      String text = field.getValue().textValue();
      if (text != null && text.length() > item.path(longest).asText().length()) {
        longest = field.getKey();
      }
    }
    return longest;
  }

  /** The mean number of UTF-16 characters of a value; lists count as empty. */
  double meanLength() {
    return (double) characters / records;
  }

  /** What the field holds, with an example or its most frequent values, for a person. */
  String content() {
    if (list != null) {
      return "list " + cut(list.path(0).toString());
    }
    boolean hasOneValue = values.size() == 1 && records > 1;
    if (hasOneValue || isGroup(RECORDS_PER_GROUP)) {
      return mostFrequentValues();
    }
    String example = cut(values.keySet().iterator().next());
    return isText()
        ? Phrase.of("text, %,.0f characters on average: %s", meanLength(), example)
        : example;
  }

  /** The most frequent values, each with its share of the records. */
  private String mostFrequentValues() {
    int shown = ProposedText.MOST_VALUES;
    return values.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(shown)
        .map(
            value ->
                Phrase.of("%s %.0f %%", cut(value.getKey()), 100.0 * value.getValue() / records))
        .collect(Collectors.joining(", ", "", values.size() > shown ? ", …" : ""));
  }

  private static String cut(String value) {
    return ProposedText.cut(value, LONGEST_EXAMPLE);
  }
}
