package org.merganser.embedding;

import java.util.Arrays;

/**
 * The plain mean of a long document by its bag of ids: the row of each distinct id times how often
 * it occurs, so that a row is fetched once. The result equals, to the bit, the mean from S, the sum
 * in the order of the document. For one thread.
 *
 * <p>S and T, the sum over the bag, add the same numbers in different orders: a float times a count
 * below 2<sup>29</sup> is exact in a double. For one component of n ids, d of them distinct, let A
 * be the sum of magnitudes, u = 2<sup>-53</sup>, and M so much more than A that no partial sum is
 * above it. |S − T| has two bounds:
 *
 * <ol>
 *   <li>(n + d)uM: a sum of n numbers in any order errs by at most (n − 1)uA + O(u²) (Higham,
 *       Accuracy and Stability of Numerical Algorithms, second edition, section 4.2).
 *   <li>(f + g)U, where U = ulp(M), and f ids, g of them distinct, have a value that is no multiple
 *       of U. To see it, let a multiple of 2<sup>r</sup> have the credit U − 2<sup>r</sup>, or none
 *       from U on. A sum of two multiples of 2<sup>r</sup> is exact, or it is rounded to a multiple
 *       of some 2<sup>t</sup> with r &lt; t and 2<sup>t</sup> ≤ U. Its error is then at most
 *       2<sup>t−1</sup> ≤ 2<sup>t</sup> − 2<sup>r</sup>, and its credit is that much less than that
 *       of the finer of the two. So all errors together are at most the credit of the numbers that
 *       were added.
 * </ol>
 *
 * <p>S is a double, and rounding keeps order, as dividing by n does. So the rounded T − E is not
 * above S and T + E not below it, and where both become the same float, S becomes it too. That
 * holds for the sign of a zero: S begins with 0, so it is never −0. The second bound, which is
 * mostly 0, is computed where the first does not decide; where neither does, the document must be
 * summed in its order. A magnitude for each component, instead of one for a row, would halve the
 * undecided cases but cost more than they do.
 */
final class BagMean {
  /** Shorter documents save little time. */
  static final int FEWEST_IDS = 384;

  /** No copy is kept of a longer document: this many ids take 16 MB. */
  static final int MOST_IDS = 1 << 22;

  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /**
   * M over the computed A. A is too small by less than 2<sup>-30</sup> of it; the rest is room for
   * the partial sums and the terms of second order.
   */
  private static final double MORE = 1 + 0x1p-20;

  private final DoubleRows rows;
  private final int[] counts;
  private int[] distinct = new int[FEWEST_IDS];
  private int size;
  private final double[] sum;
  private double magnitude;
  private final int[] doubtful;
  private final int[] fine;
  private final float[] narrow;
  private final double[][] spare;

  /**
   * @param ids how many the table has
   */
  BagMean(DoubleRows rows, int ids, int dim) {
    this.rows = rows;
    this.counts = new int[ids];
    this.sum = new double[dim];
    this.doubtful = new int[dim];
    this.fine = new int[dim];
    this.narrow = new float[dim];
    this.spare = new double[4][dim + 1];
  }

  /**
   * Writes the mean over {@code ids[0, count)}, all of the table, to {@code out[0, dim)}.
   *
   * @param count from 1 to {@link #MOST_IDS}
   * @return false where the document must be summed in its order; {@code out} is undefined then
   */
  boolean mean(int[] ids, int count, float[] out) {
    count(ids, count);
    boolean repeats = size <= 2 * count / 5; // fewer repeats cost more than they save
    if (repeats) {
      addUp();
    }
    boolean decided = repeats && decide(count, out);
    for (int i = 0; i < size; i++) {
      counts[distinct[i]] = 0;
    }
    return decided;
  }

  private void count(int[] ids, int count) {
    int most = Math.min(count, counts.length) + 1;
    if (distinct.length < most) {
      distinct = new int[Math.min(2 * most, counts.length + 1)];
    }
    int[] found = distinct;
    int[] seen = counts;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      found[n] = id;
      n += seen[id]++ == 0 ? 1 : 0; // no branch, since it would go both ways too often
    }
    size = n;
  }

  private void addUp() {
    double[] to = sum;
    int dim = to.length;
    double magnitudes = 0;
    Arrays.fill(to, 0);
    int i = 0;
    for (; i + 4 <= size; i += 4) {
      double[] a = rows.row(distinct[i], narrow, spare[0]);
      double[] b = rows.row(distinct[i + 1], narrow, spare[1]);
      double[] c = rows.row(distinct[i + 2], narrow, spare[2]);
      double[] e = rows.row(distinct[i + 3], narrow, spare[3]);
      double na = counts[distinct[i]];
      double nb = counts[distinct[i + 1]];
      double nc = counts[distinct[i + 2]];
      double ne = counts[distinct[i + 3]];
      for (int d = 0; d < to.length; d++) {
        to[d] += (na * a[d] + nb * b[d]) + (nc * c[d] + ne * e[d]);
      }
      magnitudes += na * a[dim] + nb * b[dim] + nc * c[dim] + ne * e[dim];
    }
    for (; i < size; i++) {
      double[] row = rows.row(distinct[i], narrow, spare[0]);
      double times = counts[distinct[i]];
      for (int d = 0; d < to.length; d++) {
        to[d] += times * row[d];
      }
      magnitudes += times * row[dim];
    }
    magnitude = magnitudes * MORE;
  }

  private boolean decide(int count, float[] out) {
    double firstBound = ((double) count + size) * UNIT_ROUNDOFF * magnitude;
    int doubts = 0;
    for (int d = 0; d < sum.length; d++) {
      if (!decide(d, firstBound, count, out)) {
        doubtful[doubts++] = d;
      }
    }
    double ulp = Math.ulp(magnitude);
    boolean decided = true;
    if (doubts > 0) {
      countFine(doubts, ulp);
    }
    for (int k = 0; k < doubts && decided; k++) {
      decided = decide(doubtful[k], fine[k] * ulp, count, out);
    }
    return decided;
  }

  /** Writes a component if all sums that are within {@code bound} of T give the same one. */
  private boolean decide(int d, double bound, int count, float[] out) {
    float least = (float) ((sum[d] - bound) / count);
    float most = (float) ((sum[d] + bound) / count);
    out[d] = least;
    return Float.floatToRawIntBits(least) == Float.floatToRawIntBits(most);
  }

  /** Finds f + g of each undecided component. */
  private void countFine(int doubts, double ulp) {
    Arrays.fill(fine, 0, doubts, 0);
    for (int i = 0; i < size; i++) {
      double[] row = rows.row(distinct[i], narrow, spare[0]);
      int times = counts[distinct[i]] + 1;
      for (int k = 0; k < doubts; k++) {
        double ulps = row[doubtful[k]] / ulp;
        fine[k] += ulps == Math.rint(ulps) ? 0 : times;
      }
    }
  }
}
