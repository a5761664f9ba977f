package org.merganser.embedding;

import java.util.Arrays;

/**
 * The mean of a document's token vectors. Sums run in double precision in the order of the
 * document, so that the result is the same to the bit everywhere. For one thread.
 */
public final class Pooling {
  private final EmbeddingTable table;
  private final int leftOut;
  private final boolean normalize;
  private final double[] sum;
  private final float[] row;

  /**
   * @param leftOut the endOfDocument id, which is no part of the text, or -1
   * @param normalize whether the result is scaled to length 1 (a zero vector stays zero)
   */
  public Pooling(EmbeddingTable table, int leftOut, boolean normalize) {
    this.table = table;
    this.leftOut = leftOut;
    this.normalize = normalize;
    this.sum = new double[table.dim()];
    this.row = new float[table.dim()];
  }

  /**
   * Writes the mean over {@code ids[0, count)} to {@code out[0, dim)}; zeros for no ids.
   *
   * @throws EmbeddingException naming an id outside the table
   */
  public void pool(int[] ids, int count, float[] out) {
    begin();
    add(ids, count);
    end(out);
  }

  private long vectors;

  /** Starts a document that comes in parts. */
  public void begin() {
    Arrays.fill(sum, 0);
    vectors = 0;
  }

  /** Adds a part of a document. */
  public void add(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      if (ids[i] != leftOut) {
        table.row(ids[i], row, 0);
        for (int d = 0; d < row.length; d++) {
          sum[d] += row[d];
        }
        vectors++;
      }
    }
  }

  /** Writes the mean of what was added since {@link #begin}. */
  public void end(float[] out) {
    double divisor = vectors;
    if (normalize) {
      double squares = 0;
      for (double value : sum) {
        squares += value * value;
      }
      divisor = StrictMath.sqrt(squares);
    }
    for (int i = 0; i < sum.length; i++) {
      out[i] = divisor == 0 ? 0 : (float) (sum[i] / divisor);
    }
  }
}
