package org.merganser.embedding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.IdHistogram;

/**
 * The mean of a document's token vectors, weighted where asked. Sums run in double precision in the
 * order of the document, so that the result is the same to the bit everywhere; what gives the same
 * faster ({@link BagMean}) is used where it can be. For one thread.
 */
public final class Pooling {
  private final EmbeddingTable table;
  private final int leftOut;
  private final boolean normalize;
  private final double @Nullable [] weights;
  private final double[] sum;
  private final DoubleRows rows;
  private final float[] narrow;
  private final double[][] spare;
  private long vectors;
  private @Nullable BagMean bag;
  private int[] whole = new int[0];
  private int wholeCount;

  /**
   * @param leftOut the endOfDocument id, which is no part of the text, or -1
   * @param normalize whether the result is scaled to length 1 (a zero vector stays zero)
   */
  public Pooling(EmbeddingTable table, int leftOut, boolean normalize) {
    this(table, leftOut, normalize, null);
  }

  /**
   * @param weights what the vector of each id is multiplied with; null: the plain mean. The sum is
   *     divided by the number of ids, not by the sum of their weights.
   */
  public Pooling(
      EmbeddingTable table, int leftOut, boolean normalize, double @Nullable [] weights) {
    this.table = table;
    this.leftOut = leftOut;
    this.normalize = normalize;
    this.weights = weights;
    this.sum = new double[table.dim()];
    this.rows = table.wide();
    this.narrow = new float[table.dim()];
    this.spare = new double[4][table.dim() + 1];
  }

  /**
   * Smooth inverse frequency (Arora, Liang, Ma: A Simple but Tough-to-Beat Baseline for Sentence
   * Embeddings, 2017): {@code a / (a + p)}, where p is the share of an id among all that were
   * counted.
   *
   * @param ids how many weights are made
   * @param leftOut an id that does not count, or -1
   */
  public static double[] smoothInverseFrequency(
      IdHistogram counts, int ids, int leftOut, double a) {
    long total = counts.total() - (leftOut < 0 ? 0 : counts.count(leftOut));
    double[] weights = new double[ids];
    for (int id = 0; id < ids; id++) {
      double p = total == 0 ? 0 : counts.count(id) / (double) total;
      weights[id] = a / (a + p);
    }
    return weights;
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

  /** Starts a document that comes in parts. */
  public void begin() {
    Arrays.fill(sum, 0);
    vectors = 0;
    wholeCount = 0;
  }

  /**
   * Adds a part of a document.
   *
   * @throws EmbeddingException naming an id outside the table
   */
  public void add(int[] ids, int count) {
    boolean first = vectors == 0 && wholeCount == 0;
    boolean plain = weights == null && !normalize;
    if (first && plain && count >= BagMean.FEWEST_IDS && count <= BagMean.MOST_IDS) {
      keepWhole(ids, count);
    } else {
      addKept();
      addInOrder(ids, count);
    }
  }

  /** Keeps the ids of what may be a whole document, until {@link #end} or until more is added. */
  private void keepWhole(int[] ids, int count) {
    if (whole.length < count) {
      whole = new int[Math.min(BagMean.MOST_IDS, Math.max(count, 2 * whole.length))];
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (ids[i] != leftOut) {
        table.checkId(ids[i]);
        whole[kept++] = ids[i];
      }
    }
    wholeCount = kept;
  }

  private void addKept() {
    int count = wholeCount;
    wholeCount = 0;
    addInOrder(whole, count);
  }

  private void addInOrder(int[] ids, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      int a = ids[i];
      int b = ids[i + 1];
      int c = ids[i + 2];
      int e = ids[i + 3];
      if (a == leftOut || b == leftOut || c == leftOut || e == leftOut) {
        for (int k = i; k < i + 4; k++) {
          addOne(ids[k]);
        }
      } else {
        addFour(a, b, c, e);
      }
    }
    for (; i < count; i++) {
      addOne(ids[i]);
    }
  }

  /** Adds rows one behind the other, as {@link #addOne} would, with one pass over the sums. */
  private void addFour(int first, int second, int third, int fourth) {
    double[] to = sum;
    double[] a = rows.row(first, narrow, spare[0]);
    double[] b = rows.row(second, narrow, spare[1]);
    double[] c = rows.row(third, narrow, spare[2]);
    double[] e = rows.row(fourth, narrow, spare[3]);
    if (weights == null) {
      for (int d = 0; d < to.length; d++) {
        to[d] = to[d] + a[d] + b[d] + c[d] + e[d];
      }
    } else {
      double wa = weights[first];
      double wb = weights[second];
      double wc = weights[third];
      double we = weights[fourth];
      for (int d = 0; d < to.length; d++) {
        to[d] = to[d] + wa * a[d] + wb * b[d] + wc * c[d] + we * e[d];
      }
    }
    vectors += 4;
  }

  private void addOne(int id) {
    if (id == leftOut) {
      return;
    }
    double[] to = sum;
    double[] row = rows.row(id, narrow, spare[0]);
    if (weights == null) {
      for (int d = 0; d < to.length; d++) {
        to[d] += row[d];
      }
    } else {
      double weight = weights[id];
      for (int d = 0; d < to.length; d++) {
        to[d] += weight * row[d];
      }
    }
    vectors++;
  }

  /** What was added since {@link #begin}: a copy, to be added elsewhere. */
  public Part part() {
    addKept();
    return new Part(vectors, sum.clone());
  }

  /** Adds what another pooling with the same table and weights has summed. */
  public void add(Part part) {
    addKept();
    for (int d = 0; d < sum.length; d++) {
      sum[d] += part.sum[d];
    }
    vectors += part.vectors;
  }

  /**
   * The sum over a part of a document.
   *
   * @param vectors how many were added
   */
  @SuppressWarnings("ArrayRecordComponent") // travels from one pooling to another, never compared
  public record Part(long vectors, double[] sum) {}

  /** Writes the mean of what was added since {@link #begin}. */
  public void end(float[] out) {
    if (wholeCount > 0 && bag().mean(whole, wholeCount, out)) {
      return;
    }
    addKept();
    double divisor = normalize ? length(sum) : vectors;
    for (int i = 0; i < sum.length; i++) {
      out[i] = divisor == 0 ? 0 : (float) (sum[i] / divisor);
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

  /** The Euclidean length, summed in order. */
  static double length(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return StrictMath.sqrt(squares);
  }
}
