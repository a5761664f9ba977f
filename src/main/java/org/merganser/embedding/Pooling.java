package org.merganser.embedding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The mean of a text's token vectors. Sums run in double precision in the order of the ids, so that
 * the result is the same to the bit everywhere; {@link BagMean}, which gives the same result
 * faster, is used where possible. For one thread.
 */
public final class Pooling {
  private final EmbeddingTable table;
  private final int leftOut;
  private final double[] sum;
  private final DoubleRows rows;
  private final float[] narrow;
  private final double[][] spare;
  private @Nullable BagMean bag;
  private int[] kept = new int[0];

  /**
   * @param leftOut the endOfDocument id, which is not part of the text, or -1
   */
  public Pooling(EmbeddingTable table, int leftOut) {
    this.table = table;
    this.leftOut = leftOut;
    this.sum = new double[table.dim()];
    this.rows = table.wide();
    this.narrow = new float[table.dim()];
    this.spare = new double[4][table.dim() + 1];
  }

  /**
   * Writes the mean over {@code ids[0, count)} to {@code out[0, dim)}; zeros for no ids.
   *
   * @return how many ids it is the mean of
   * @throws EmbeddingException naming an id outside the table
   */
  public int pool(int[] ids, int count, float[] out) {
    int pooled = keep(ids, count);
    boolean bagged = count >= BagMean.FEWEST_IDS && count <= BagMean.MOST_IDS && pooled > 0;
    if (bagged && bag().mean(kept, pooled, out)) {
      return pooled;
    }
    Arrays.fill(sum, 0);
    int i = 0;
    for (; i + 4 <= pooled; i += 4) {
      addFour(kept[i], kept[i + 1], kept[i + 2], kept[i + 3]);
    }
    for (; i < pooled; i++) {
      addOne(kept[i]);
    }
    for (int d = 0; d < sum.length; d++) {
      out[d] = pooled == 0 ? 0 : (float) (sum[d] / pooled);
    }
    return pooled;
  }

  /** Copies the ids but for those that are left out; returns how many there are. */
  private int keep(int[] ids, int count) {
    if (kept.length < count) {
      kept = new int[Math.max(count, 2 * kept.length)];
    }
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (ids[i] != leftOut) {
        table.checkId(ids[i]);
        kept[size++] = ids[i];
      }
    }
    return size;
  }

  /** Adds rows one behind the other, as {@link #addOne} would, with one pass over the sums. */
  private void addFour(int first, int second, int third, int fourth) {
    double[] to = sum;
    double[] a = rows.row(first, narrow, spare[0]);
    double[] b = rows.row(second, narrow, spare[1]);
    double[] c = rows.row(third, narrow, spare[2]);
    double[] e = rows.row(fourth, narrow, spare[3]);
    for (int d = 0; d < to.length; d++) {
      to[d] = to[d] + a[d] + b[d] + c[d] + e[d];
    }
  }

  private void addOne(int id) {
    double[] to = sum;
    double[] row = rows.row(id, narrow, spare[0]);
    for (int d = 0; d < to.length; d++) {
      to[d] += row[d];
    }
  }

  private BagMean bag() {
    BagMean made = bag;
    if (made == null) {
      made = new BagMean(rows, table.rows(), table.dim());
      bag = made;
    }
    return made;
  }
}
