package org.merganser.embedding;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.HashMultiplier;

/**
 * What an import finds in the rows that a table has: zero rows and equal rows, which are counted,
 * and values that are not finite. {@code EmbeddingImport} checks that no row is missing.
 */
public final class RowFindings {
  private final String file;
  private final boolean zeroNonFinite;

  /** The hashes of all rows that are not zero. */
  private final Set<Long> hashes = new HashSet<>();

  private int rows;
  private int zeroRows;
  private int duplicateRows;

  /** The number of the first row of zeros; null without one. */
  private @Nullable Integer firstZero;

  /** The number of the first row that equals an earlier one; null without one. */
  private @Nullable Integer firstDuplicate;

  /** The values that were replaced with zero. */
  private long replaced;

  /**
   * @param file the table's name in errors
   * @param zeroNonFinite whether a NaN or an infinity is replaced with zero and counted; if not, it
   *     is an error
   */
  public RowFindings(String file, boolean zeroNonFinite) {
    this.file = file;
    this.zeroNonFinite = zeroNonFinite;
  }

  /**
   * Checks the next row, {@code row[0, dim)}, in which values may be replaced. Equal rows are found
   * by a 64-bit hash of their bits.
   *
   * @throws EmbeddingException for a NaN or an infinity that is not to be replaced
   */
  public void add(float[] row, int dim) {
    long hash = 1;
    boolean isZero = true;
    for (int i = 0; i < dim; i++) {
      if (!Float.isFinite(row[i])) {
        replaceNonFinite(row, i);
      }
      isZero &= row[i] == 0;
      hash = (hash ^ Float.floatToIntBits(row[i])) * HashMultiplier.GOLDEN_RATIO;
      hash ^= hash >>> 32;
    }
    if (isZero) {
      zeroRows++;
      if (firstZero == null) {
        firstZero = rows;
      }
    } else if (!hashes.add(hash)) {
      duplicateRows++;
      if (firstDuplicate == null) {
        firstDuplicate = rows;
      }
    }
    rows++;
  }

  /**
   * The findings of all rows.
   *
   * @param dim the number of values of a row
   * @param dtype the number type of the source
   * @param padding the number of rows beyond the tokenizer's ids
   */
  public EmbeddingReport report(int dim, String dtype, int padding) {
    return new EmbeddingReport(
        rows, dim, dtype, padding, zeroRows, firstZero, duplicateRows, firstDuplicate, replaced);
  }

  /** Replaces a value with zero, or refuses it. */
  private void replaceNonFinite(float[] row, int at) {
    if (!zeroNonFinite) {
      throw new EmbeddingException(
          ("%s: row %s has %s at %s; a table's values are finite numbers: repair the"
                  + " source, or ask for such values to become zero (--non-finite zero)")
              .formatted(file, rows, row[at], at));
    }
    row[at] = 0;
    replaced++;
  }
}
