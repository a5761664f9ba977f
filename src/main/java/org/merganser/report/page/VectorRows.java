package org.merganser.report.page;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * The part of the embedding table that fits into some megabytes, for the page: of each row the
 * first values. A value v is the byte round(127 · v / {@code most}).
 *
 * @param rows the number of rows
 * @param dim the values of a row in the table
 * @param shown the values of a row in {@code bytes}, which are rows × shown
 * @param most the largest absolute value among the shown ones
 * @param bytes row by row; not in the JSON, since the page has them as a part of their own
 */
public record VectorRows(int rows, int dim, int shown, double most, @JsonIgnore byte[] bytes) {
  /** The largest byte of a value. */
  private static final int LARGEST_BYTE = 127;

  /** The most bytes of all shown values. */
  private static final int MOST_BYTES = 2_000_000;

  /** The embedding table. */
  @FunctionalInterface
  public interface Table {
    /** Copies the dim values of the row of {@code id} to {@code to}. */
    void row(int id, float[] to);
  }

  /**
   * Takes as many values of each row as fit, or none if not even one value of each row fits.
   *
   * @param dim the values of a row
   * @param table the table, which is read twice: first for the largest absolute value
   */
  public static VectorRows of(int rows, int dim, Table table) {
    int shown = Math.min(dim, MOST_BYTES / Math.max(1, rows));
    float most = shown == 0 ? 0 : largest(rows, dim, shown, table);
    byte[] bytes = most == 0 ? new byte[rows * shown] : scaled(rows, dim, shown, most, table);
    return new VectorRows(rows, dim, shown, most, bytes);
  }

  /** The largest absolute value among the first {@code shown} values of all rows. */
  private static float largest(int rows, int dim, int shown, Table table) {
    float[] row = new float[dim];
    float most = 0;
    for (int id = 0; id < rows; id++) {
      table.row(id, row);
      for (int i = 0; i < shown; i++) {
        most = Math.max(most, Math.abs(row[i]));
      }
    }
    return most;
  }

  /** The first {@code shown} values of all rows as bytes. */
  private static byte[] scaled(int rows, int dim, int shown, float most, Table table) {
    float[] row = new float[dim];
    byte[] bytes = new byte[rows * shown];
    for (int id = 0; id < rows; id++) {
      table.row(id, row);
      for (int i = 0; i < shown; i++) {
        bytes[id * shown + i] = (byte) Math.round(LARGEST_BYTE * (row[i] / most));
      }
    }
    return bytes;
  }
}
