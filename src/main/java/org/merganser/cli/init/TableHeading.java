package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.read.CsvSample.Row;

/**
 * What the first row of a table is: the names of its columns, or data, which a run would lose. A
 * {@link TableColumn} is evidence of data if its first cell is like the cells below it, and of
 * names if it is unlike them. {@link TableHeadings} makes an error of a row that is not names;
 * {@link TextTables} reports it.
 *
 * @param kind what the row is
 * @param evidence why it is not a row of names; "" if it is one
 * @param names proposed for the columns of {@link Kind#DATA} and {@link Kind#UNCLEAR}, one for each
 *     column; empty otherwise
 * @param linesBefore for {@link Kind#TITLE}, the number of lines before the names; 0 otherwise
 * @param cells of the first row
 */
record TableHeading(
    Kind kind, String evidence, List<String> names, long linesBefore, List<String> cells) {
  /** What the first row of a table is. */
  enum Kind {
    /** The names of the columns, as far as is known. */
    NAMES,
    /** Some text before the names, such as the title of a report. */
    TITLE,
    /** Cells like those below them. */
    DATA,
    /** Columns are evidence of both names and data, or only weak evidence of data. */
    UNCLEAR
  }

  /**
   * Says what the first row is: a title if it has one cell and a later row has more; else what its
   * columns show. A table of fewer than two rows shows nothing, so its first row is names.
   *
   * @param rows the first rows of the table
   */
  static TableHeading of(List<Row> rows) {
    if (rows.size() < 2) {
      return ofNames(rows.isEmpty() ? List.of() : rows.get(0).cells());
    }
    List<String> first = rows.get(0).cells();
    Row wider = rows.stream().filter(row -> row.cells().size() > 1).findFirst().orElse(null);
    return first.size() == 1 && wider != null ? ofTitle(first, wider) : ofColumns(first, rows);
  }

  private static TableHeading ofNames(List<String> cells) {
    return new TableHeading(Kind.NAMES, "", List.of(), 0, cells);
  }

  /**
   * @param wider the first row with several cells, which names the columns
   */
  private static TableHeading ofTitle(List<String> cells, Row wider) {
    return new TableHeading(
        Kind.TITLE,
        "it has 1 cell, and line %s has %s".formatted(wider.line(), wider.cells().size()),
        List.of(),
        wider.line() - 1,
        cells);
  }

  /** Weighs the evidence of all columns. */
  private static TableHeading ofColumns(List<String> cells, List<Row> rows) {
    List<TableColumn> columns =
        IntStream.range(0, cells.size()).mapToObj(i -> TableColumn.of(rows, i)).toList();
    boolean isNamed = columns.stream().anyMatch(TableColumn::isNamed);
    String evidence = firstEvidence(columns, TableColumn::evidenceOfData);
    if (evidence != null) {
      Kind kind = isNamed || areNumbered(cells) ? Kind.UNCLEAR : Kind.DATA;
      return new TableHeading(kind, evidence, proposedNames(columns), 0, cells);
    }
    String weak = firstEvidence(columns, TableColumn::weakEvidenceOfData);
    return isNamed || weak == null
        ? ofNames(cells)
        : new TableHeading(Kind.UNCLEAR, weak, proposedNames(columns), 0, cells);
  }

  /** The evidence of the first column that has some; null without any. */
  private static @Nullable String firstEvidence(
      List<TableColumn> columns, Function<TableColumn, @Nullable String> evidence) {
    for (TableColumn column : columns) {
      String found = evidence.apply(column);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Whether several cells count from 0 or 1, as pandas names columns without names. */
  private static boolean areNumbered(List<String> cells) {
    return cells.size() > 1 && (areNumbersFrom(0, cells) || areNumbersFrom(1, cells));
  }

  /** Whether the cells are the numbers that follow each other from one on. */
  private static boolean areNumbersFrom(int from, List<String> cells) {
    return IntStream.range(0, cells.size())
        .allMatch(i -> cells.get(i).equals(Integer.toString(from + i)));
  }

  /** Proposes names: text for the longest column, id for a distinct one, label for repetitions. */
  private static List<String> proposedNames(List<TableColumn> columns) {
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
}
