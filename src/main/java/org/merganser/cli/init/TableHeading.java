package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.read.RecordSample.Row;

/**
 * What the first row of a table is: the names of its columns, or data, which a run would lose. Each
 * column is evidence if its first cell is like the cells below it, such as a number above numbers,
 * or unlike them.
 *
 * @param evidence why it is not a row of names; "" if it is one
 * @param names for a row of names that the table lacks, one for each column
 * @param before the lines before a row of more cells than the first; 0 for none
 * @param cells of the first row
 */
record TableHeading(
    Kind kind, String evidence, List<String> names, long before, List<String> cells) {
  enum Kind {
    NAMES,
    /** Some text before the names, such as the title of a report. */
    TITLE,
    DATA,
    /** Some columns are evidence of names, others of data. */
    UNCLEAR
  }

  private static final Set<String> USUAL =
      Set.of(
          ("id doc_id uuid url key index text content body document title name label labels class"
                  + " category lang language source domain license date time timestamp author user"
                  + " score rating sentence question answer prompt response review comment message"
                  + " split set subset")
              .split(" "));

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.,]*[0-9] ?%?");
  private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,}|[0-9A-F]{8,}");
  private static final Pattern ENDS = Pattern.compile(".*[.!?][\"']?", Pattern.DOTALL);
  private static final Pattern WORDS = Pattern.compile("\\S+\\s+\\S+\\s+\\S.*", Pattern.DOTALL);

  /** Longer cells are no names. */
  private static final int LONGEST_NAME = 64;

  /** Cells of a column of texts have at least this mean length. */
  private static final int TEXT = 40;

  /** A value occurs in fewer rows only by chance. */
  private static final int FEW_ROWS = 10;

  /**
   * @param rows the first rows of the table
   */
  static TableHeading of(List<Row> rows) {
    if (rows.size() < 2) {
      return names(rows.isEmpty() ? List.of() : rows.get(0).cells());
    }
    List<String> first = rows.get(0).cells();
    Row wider = rows.stream().filter(row -> row.cells().size() > 1).findFirst().orElse(null);
    if (first.size() == 1 && wider != null) {
      return new TableHeading(
          Kind.TITLE,
          "it has 1 cell, and line %s has %s".formatted(wider.line(), wider.cells().size()),
          List.of(),
          wider.line() - 1,
          first);
    }
    List<Column> columns =
        IntStream.range(0, first.size()).mapToObj(i -> Column.of(rows, i)).toList();
    String data =
        columns.stream().map(Column::data).filter(Objects::nonNull).findFirst().orElse(null);
    boolean named = columns.stream().anyMatch(Column::isNamed);
    if (data == null) {
      String alike =
          columns.stream().map(Column::alike).filter(Objects::nonNull).findFirst().orElse(null);
      return named || alike == null
          ? names(first)
          : new TableHeading(Kind.UNCLEAR, alike, named(columns), 0, first);
    }
    boolean numbered =
        first.size() > 1
            && (counts(first, 0) || counts(first, 1)); // as pandas names unnamed columns
    return new TableHeading(
        named || numbered ? Kind.UNCLEAR : Kind.DATA, data, named(columns), 0, first);
  }

  private static TableHeading names(List<String> first) {
    return new TableHeading(Kind.NAMES, "", List.of(), 0, first);
  }

  private static boolean counts(List<String> cells, int from) {
    return IntStream.range(0, cells.size())
        .allMatch(i -> cells.get(i).equals(Integer.toString(from + i)));
  }

  /** Names for the columns: the longest is the text. */
  private static List<String> named(List<Column> columns) {
    int text = 0;
    for (int i = 1; i < columns.size(); i++) {
      text = columns.get(i).mean() > columns.get(text).mean() ? i : text;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      boolean id = i != text && columns.get(i).isDistinct() && !names.contains("id");
      boolean label = i != text && columns.get(i).repeats() && !names.contains("label");
      names.add(i == text ? "text" : id ? "id" : label ? "label" : "column" + (i + 1));
    }
    return names;
  }

  /**
   * A column.
   *
   * @param values the cells below the first that are not empty
   */
  private record Column(String first, List<String> values) {
    static Column of(List<Row> rows, int i) {
      return new Column(
          rows.get(0).cells().get(i).strip(),
          rows.stream()
              .skip(1)
              .filter(row -> i < row.cells().size())
              .map(row -> row.cells().get(i).strip())
              .filter(cell -> !cell.isEmpty())
              .toList());
    }

    double mean() {
      return values.stream().mapToInt(String::length).average().orElse(0);
    }

    boolean isDistinct() {
      return !values.isEmpty() && Set.copyOf(values).size() == values.size();
    }

    boolean repeats() {
      return 2 * Set.copyOf(values).size() <= values.size();
    }

    private boolean all(Pattern pattern) {
      return !values.isEmpty() && values.stream().allMatch(v -> pattern.matcher(v).matches());
    }

    private boolean half(Pattern pattern) {
      return 2 * values.stream().filter(v -> pattern.matcher(v).matches()).count() >= values.size();
    }

    /** The one shape of all values, in which 9 stands for digits; null for none with digits. */
    private @Nullable String shape() {
      List<String> shapes = values.stream().map(Column::shape).distinct().limit(2).toList();
      return shapes.size() == 1 && shapes.get(0).contains("9") ? shapes.get(0) : null;
    }

    private static String shape(String value) {
      return value.replaceAll("[0-9]+", "9");
    }

    /** Whether the first cell is a question, and most of the others are answers, as in a survey. */
    private boolean asks() {
      return first.endsWith("?")
          && 4 * values.stream().filter(v -> v.endsWith("?")).count() < values.size();
    }

    /** Why the first cell is a value like those below it; null if it does not look so. */
    @Nullable String data() {
      String cell = JobProposal.cut(first, LONGEST_NAME);
      if (first.isEmpty() || values.isEmpty()) {
        return null;
      }
      boolean number = NUMBER.matcher(first).matches();
      if (number && all(NUMBER) && !(YEAR.matcher(first).matches() && !all(YEAR))) {
        return cell + " is a number, as all cells below it are";
      }
      boolean alike =
          first.length() >= 8 && values.stream().allMatch(v -> v.length() == first.length());
      boolean hash = HASH.matcher(first).matches() && alike && all(HASH);
      if (hash || !number && shape(first).equals(shape())) {
        return cell + " has the form of all cells below it";
      }
      int again = Collections.frequency(values, first);
      if (again >= (values.size() < FEW_ROWS ? 1 : 2)
          && !USUAL.contains(first.toLowerCase(Locale.ROOT))) {
        return cell + " occurs again below it";
      }
      if (asks()) {
        return null;
      }
      boolean ends = ENDS.matcher(first).matches() && half(ENDS) && shape() == null;
      if (first.length() > LONGEST_NAME || ends) {
        return cell + " is a text, as the cells below it are";
      }
      return null;
    }

    /** A reason that is less certain; null without one. */
    @Nullable String alike() {
      boolean words = WORDS.matcher(first).matches() && half(WORDS);
      return words && 2 * first.length() >= mean()
          ? JobProposal.cut(first, LONGEST_NAME) + " is a text, as the cells below it are"
          : null;
    }

    /** Whether the first cell is unlike those below it, or a usual name. */
    boolean isNamed() {
      boolean number = NUMBER.matcher(first).matches();
      if (USUAL.contains(first.toLowerCase(Locale.ROOT)) || asks()) {
        return true;
      }
      if (values.isEmpty() || data() != null) {
        return false;
      }
      boolean otherForm = shape() != null && !shape(first).equals(shape());
      boolean aboveTexts = mean() >= TEXT && half(WORDS) && 4 * first.length() <= mean();
      return all(NUMBER) && !number
          || number && !half(NUMBER)
          || otherForm && !number
          || aboveTexts;
    }
  }
}
