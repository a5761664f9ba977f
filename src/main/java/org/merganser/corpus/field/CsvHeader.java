package org.merganser.corpus.field;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;

/**
 * The names of the columns of a CSV file. A column is a field if no other has its name. Columns
 * that share a name, such as the last three of {@code v1,v2,,,}, are no fields; they are allowed
 * unless a job reads them.
 *
 * @param names by column; a name may be empty
 */
public record CsvHeader(List<String> names) {
  /** The most columns that a message lists, and the most names with a message of their own. */
  private static final int MOST_LISTED = 5;

  /** The most characters of a name in a message. */
  private static final int MOST_CHARACTERS = 60;

  /** In place of a column, for a name that several have. */
  private static final int SHARED = -1;

  public CsvHeader {
    names = List.copyOf(names);
  }

  /** The columns that are fields, from 0, by name. */
  public Map<String, Integer> fields() {
    Map<String, Integer> fields = new LinkedHashMap<>();
    for (int column = 0; column < names.size(); column++) {
      fields.merge(names.get(column), column, (first, other) -> SHARED);
    }
    fields.values().removeIf(column -> column == SHARED);
    return fields;
  }

  /** Says which columns share a name, for a person; null if fewer than two have it. */
  public @Nullable String sharedNameProblem(String name) {
    List<Integer> numbers =
        IntStream.range(0, names.size())
            .filter(column -> names.get(column).equals(name))
            .mapToObj(column -> column + 1)
            .toList();
    if (numbers.size() < 2) {
      return null;
    }
    int beforeAnd = Math.min(MOST_LISTED, numbers.size()) - 1;
    String first =
        numbers.subList(0, beforeAnd).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    int rest = numbers.size() - beforeAnd;
    return "the columns %s and %s have one name, %s"
        .formatted(first, rest == 1 ? numbers.get(beforeAnd) : rest + " others", quoted(name));
  }

  /**
   * The results of {@link #sharedNameProblem} for the first {@value #MOST_LISTED} names that
   * several columns have, without the empty name.
   */
  public List<String> sharedNameProblems() {
    Map<String, Integer> fields = fields();
    return names.stream()
        .distinct()
        .filter(name -> !name.isEmpty() && !fields.containsKey(name))
        .limit(MOST_LISTED)
        .map(this::sharedNameProblem)
        .collect(Collectors.toList());
  }

  /** The beginning of a name in quotes, for a message. */
  private static String quoted(String name) {
    int length = name.codePointCount(0, name.length());
    return Json.line(
        length <= MOST_CHARACTERS
            ? name
            : name.substring(0, name.offsetByCodePoints(0, MOST_CHARACTERS)) + "…");
  }
}
