package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
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
 * @param names proposed for the columns of {@link Kind#DATA} and {@link Kind#UNCLEAR}, one for each
 *     column; empty otherwise
 * @param before for {@link Kind#TITLE}, the number of lines before the names; 0 otherwise
 * @param cells of the first row
 */
record TableHeading(
    Kind kind, String evidence, List<String> names, long before, List<String> cells) {
  enum Kind {
    /** The names of the columns, as far as is known. */
    NAMES,
    /** Some text before the names, such as the title of a report. */
    TITLE,
    /** Cells like those below them. */
    DATA,
    /** Some columns are evidence of names, others of data. */
    UNCLEAR
  }

  /** Usual names of columns, in lower case. */
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

  /** A sentence with its end. */
  private static final Pattern SENTENCE = Pattern.compile(".*[.!?][\"']?", Pattern.DOTALL);

  /** At least three words. */
  private static final Pattern WORDS = Pattern.compile("\\S+\\s+\\S+\\s+\\S.*", Pattern.DOTALL);

  /** Longer cells are no names. */
  private static final int LONGEST_NAME = 64;

  /** Cells of a column of texts have at least this mean length. */
  private static final int TEXT = 40;

  /** In fewer rows, a first cell that occurs once more is evidence of data; else it must twice. */
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
    String data = first(columns, Column::evidenceOfData);
    boolean named = columns.stream().anyMatch(Column::isNamed);
    if (data == null) {
      String weak = first(columns, Column::weakEvidenceOfData);
      return named || weak == null
          ? names(first)
          : new TableHeading(Kind.UNCLEAR, weak, proposedNames(columns), 0, first);
    }
    boolean isNumbered =
        first.size() > 1
            && (counts(first, 0) || counts(first, 1)); // as pandas names unnamed columns
    return new TableHeading(
        named || isNumbered ? Kind.UNCLEAR : Kind.DATA, data, proposedNames(columns), 0, first);
  }

  /** The evidence of the first column that has some; null without any. */
  private static @Nullable String first(
      List<Column> columns, Function<Column, @Nullable String> evidence) {
    for (Column column : columns) {
      String found = evidence.apply(column);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static TableHeading names(List<String> first) {
    return new TableHeading(Kind.NAMES, "", List.of(), 0, first);
  }

  /** Whether the cells are the numbers that count from one number. */
  private static boolean counts(List<String> cells, int from) {
    return IntStream.range(0, cells.size())
        .allMatch(i -> cells.get(i).equals(Integer.toString(from + i)));
  }

  /** Proposes names: text for the longest column, id for a distinct one, label for repetitions. */
  private static List<String> proposedNames(List<Column> columns) {
    int text = 0;
    for (int i = 1; i < columns.size(); i++) {
      if (columns.get(i).meanLength() > columns.get(text).meanLength()) {
        text = i;
      }
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (i == text) {
        names.add("text");
      } else if (columns.get(i).isDistinct() && !names.contains("id")) {
        names.add("id");
      } else if (columns.get(i).repeats() && !names.contains("label")) {
        names.add("label");
      } else {
        names.add("column" + (i + 1));
      }
    }
    return names;
  }

  /**
   * A column of the first rows.
   *
   * @param first the first cell
   * @param values the cells below it that are not empty
   */
  private record Column(String first, List<String> values) {
    /** Row {@code rows.get(0)} must have the column; other rows may lack it. */
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

    double meanLength() {
      return values.stream().mapToInt(String::length).average().orElse(0);
    }

    boolean isDistinct() {
      return !values.isEmpty() && Set.copyOf(values).size() == values.size();
    }

    boolean repeats() {
      return 2 * Set.copyOf(values).size() <= values.size();
    }

    /** Whether all values match; false without values. */
    private boolean all(Pattern pattern) {
      return !values.isEmpty() && values.stream().allMatch(v -> pattern.matcher(v).matches());
    }

    /** Whether at least half of the values match. */
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
    @Nullable String evidenceOfData() {
      String cell = ProposedText.cut(first, LONGEST_NAME);
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
      boolean sentence = SENTENCE.matcher(first).matches() && half(SENTENCE) && shape() == null;
      if (first.length() > LONGEST_NAME || sentence) {
        return cell + " is a text, as the cells below it are";
      }
      return null;
    }

    /** Less certain evidence that the first cell is a value; null without any. */
    @Nullable String weakEvidenceOfData() {
      boolean words = WORDS.matcher(first).matches() && half(WORDS);
      return words && 2 * first.length() >= meanLength()
          ? ProposedText.cut(first, LONGEST_NAME) + " is a text, as the cells below it are"
          : null;
    }

    /** Whether the first cell is unlike those below it, or a usual name. */
    boolean isNamed() {
      boolean number = NUMBER.matcher(first).matches();
      if (USUAL.contains(first.toLowerCase(Locale.ROOT)) || asks()) {
        return true;
      }
      if (values.isEmpty() || evidenceOfData() != null) {
        return false;
      }
      boolean otherForm = shape() != null && !shape(first).equals(shape());
      boolean aboveTexts =
          meanLength() >= TEXT && half(WORDS) && 4 * first.length() <= meanLength();
      return all(NUMBER) && !number
          || number && !half(NUMBER)
          || otherForm && !number
          || aboveTexts;
    }
  }
}
