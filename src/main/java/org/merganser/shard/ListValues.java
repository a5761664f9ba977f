package org.merganser.shard;

import org.apache.parquet.column.ColumnReader;

/** Reads the values of lists: required elements of a required list. */
final class ListValues {
  private ListValues() {}

  /** What is done with each value of a list, before it is consumed. */
  @FunctionalInterface
  interface Value {
    void read(ColumnReader column);
  }

  /** Passes through one row's list. */
  static void each(ColumnReader column, Value value) {
    if (column.getCurrentDefinitionLevel() == 0) {
      column.consume(); // an empty list
      return;
    }
    do {
      value.read(column);
      column.consume();
    } while (column.getCurrentRepetitionLevel() == 1); // 0 after the last value, too
  }
}
