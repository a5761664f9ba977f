package org.merganser.learn.vector;

import java.util.Arrays;

/**
 * A sparse matrix by rows, 8 bytes an entry. Sums run in the order of the entries, so that results
 * are the same everywhere.
 *
 * @param from where the entries of each row begin, and at last where those of the last row end
 * @param columns the column of each entry
 * @param values the value of each entry
 * @param columnCount the number of columns
 */
record SparseRows(int[] from, int[] columns, float[] values, int columnCount) {
  /** The number of rows. */
  int rows() {
    return from.length - 1;
  }

  /**
   * This matrix times {@code dense}.
   *
   * @param dense row-major, {@code columnCount} rows of {@code width}
   * @param result row-major, {@link #rows} rows of {@code width}; overwritten
   */
  void times(double[] dense, int width, double[] result) {
    Arrays.fill(result, 0);
    for (int row = 0; row < rows(); row++) {
      for (int i = from[row]; i < from[row + 1]; i++) {
        addTo(result, row * width, values[i], dense, columns[i] * width, width);
      }
    }
  }

  /**
   * This matrix transposed times {@code dense}; shapes as in {@link #times} with rows and columns
   * swapped.
   */
  void transposedTimes(double[] dense, int width, double[] result) {
    Arrays.fill(result, 0);
    for (int row = 0; row < rows(); row++) {
      for (int i = from[row]; i < from[row + 1]; i++) {
        addTo(result, columns[i] * width, values[i], dense, row * width, width);
      }
    }
  }

  /** Adds {@code factor} times {@code dense[denseAt, …)} to {@code sum[at, at + width)}. */
  private static void addTo(
      double[] sum, int at, double factor, double[] dense, int denseAt, int width) {
    for (int i = 0; i < width; i++) {
      sum[at + i] += factor * dense[denseAt + i];
    }
  }
}
