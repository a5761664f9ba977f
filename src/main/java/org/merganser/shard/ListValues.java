package org.merganser.shard;

import java.util.Arrays;
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

  /** Fills {@code row.ids} with one row's list of ids and returns how many there are. */
  static int ids(ColumnReader column, ShardRow row) {
    int count = 0;
    if (column.getCurrentDefinitionLevel() == 0) {
      column.consume();
    } else {
      do {
        if (count == row.ids.length) {
          row.ids = Arrays.copyOf(row.ids, Math.max(1024, 2 * count));
        }
        row.ids[count++] = column.getInteger();
        column.consume();
      } while (column.getCurrentRepetitionLevel() == 1);
    }
    return count;
  }
}
