package org.merganser.embedding;

import java.util.HashMap;
import java.util.Map;

/** What a table's rows are checked for while they stream by. */
final class RowChecks {
  private final String file;
  private final Map<Long, Integer> seen = new HashMap<>();
  private int rows;
  private int zeroRows;
  private int duplicateRows;
  private int firstZero = -1;
  private int firstDuplicate = -1;

  RowChecks(String file) {
    this.file = file;
  }

  /**
   * Checks the next row; equal rows are found by a 64-bit hash of their bits.
   *
   * @throws EmbeddingException for a NaN or an infinity
   */
  void add(float[] row, int dim) {
    long hash = 1;
    boolean zero = true;
    for (int i = 0; i < dim; i++) {
      if (!Float.isFinite(row[i])) {
        throw new EmbeddingException(
            file
                + ": row "
                + rows
                + " has "
                + row[i]
                + " at "
                + i
                + "; a table's values are finite numbers");
      }
      zero &= row[i] == 0;
      hash = (hash ^ Float.floatToIntBits(row[i])) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    if (zero) {
      zeroRows++;
      firstZero = firstZero < 0 ? rows : firstZero;
    } else if (seen.putIfAbsent(hash, rows) != null) {
      duplicateRows++;
      firstDuplicate = firstDuplicate < 0 ? rows : firstDuplicate;
    }
    rows++;
  }

  EmbeddingReport report(int dim, int padding, int matched, int filled) {
    return new EmbeddingReport(
        rows, dim, padding, zeroRows, firstZero, duplicateRows, firstDuplicate, matched, filled);
  }
}
