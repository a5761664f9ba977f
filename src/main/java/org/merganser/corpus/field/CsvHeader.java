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
 * that share a name, such as those without one after {@code v1,v2,,,}, are no fields, and harmless
 * unless a job reads them.
 *
 * @param names by column; a name may be empty
 */
public record CsvHeader(List<String> names) {
  /** The columns or names in a message. */
  private static final int NAMED = 5;

  private static final int LONGEST = 60;

  public CsvHeader {
    names = List.copyOf(names);
  }

  /** The columns that are fields, by name. */
  public Map<String, Integer> fields() {
    Map<String, Integer> fields = new LinkedHashMap<>();
    for (int column = 0; column < names.size(); column++) {
      fields.merge(names.get(column), column, (first, other) -> -1);
    }
    fields.values().removeIf(column -> column < 0);
    return fields;
  }

  /** The columns that share a name with others, with it, for a person; null if none do. */
  public @Nullable String shared(String name) {
    List<Integer> numbers =
        IntStream.range(0, names.size())
            .filter(column -> names.get(column).equals(name))
            .mapToObj(column -> column + 1)
            .toList();
    if (numbers.size() < 2) {
      return null;
    }
    int shown = Math.min(NAMED, numbers.size()) - 1;
    String first =
        numbers.subList(0, shown).stream().map(String::valueOf).collect(Collectors.joining(", "));
    int more = numbers.size() - shown;
    return "the columns %s and %s have one name, %s"
        .formatted(first, more == 1 ? numbers.get(shown) : more + " others", quoted(name));
  }

  private static String quoted(String name) {
    int length = name.codePointCount(0, name.length());
    return Json.line(
        length <= LONGEST ? name : name.substring(0, name.offsetByCodePoints(0, LONGEST)) + "…");
  }

  /** The same of the first names that several columns have, without columns that have no name. */
  public List<String> shared() {
    Map<String, Integer> fields = fields();
    return names.stream()
        .distinct()
        .filter(name -> !name.isEmpty() && !fields.containsKey(name))
        .limit(NAMED)
        .map(this::shared)
        .collect(Collectors.toList());
  }
}
