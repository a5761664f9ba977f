package org.merganser.embedding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.IdHistogram;

/**
 * The mean of a document's token vectors, weighted where asked. Sums run in double precision in the
 * order of the document, so that the result is the same to the bit everywhere. For one thread.
 */
public final class Pooling {
  private static final int BATCH = 4;

  private final int leftOut;
  private final boolean normalize;
  private final double @Nullable [] weights;
  private final double[] sum;
  private final WideRows rows;
  private final float[] narrow;
  private final double[][] spare;
  private final double[][] batchRows = new double[BATCH][];
  private final double[] batchWeights = new double[BATCH];
  private long vectors;

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
    this.leftOut = leftOut;
    this.normalize = normalize;
    this.weights = weights;
    this.sum = new double[table.dim()];
    this.rows = table.wide();
    this.narrow = new float[table.dim()];
    this.spare = new double[BATCH][table.dim()];
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
  }

  /**
   * Adds a part of a document.
   *
   * @throws EmbeddingException naming an id outside the table
   */
  public void add(int[] ids, int count) {
    int batch = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id == leftOut) {
        continue;
      }
      batchRows[batch] = rows.row(id, narrow, spare[batch]);
      batchWeights[batch] = weights == null ? 1 : weights[id];
      batch++;
      vectors++;
      if (batch == BATCH) {
        addBatch();
        batch = 0;
      }
    }
    for (int i = 0; i < batch; i++) {
      addOne(batchRows[i], batchWeights[i]);
    }
  }

  /** Adds rows one behind the other, as {@link #addOne} would, with one pass over the sums. */
  private void addBatch() {
    double[] to = sum;
    double[] a = batchRows[0];
    double[] b = batchRows[1];
    double[] c = batchRows[2];
    double[] e = batchRows[3];
    if (weights == null) {
      for (int d = 0; d < to.length; d++) {
        to[d] = to[d] + a[d] + b[d] + c[d] + e[d];
      }
    } else {
      double wa = batchWeights[0];
      double wb = batchWeights[1];
      double wc = batchWeights[2];
      double we = batchWeights[3];
      for (int d = 0; d < to.length; d++) {
        to[d] = to[d] + wa * a[d] + wb * b[d] + wc * c[d] + we * e[d];
      }
    }
  }

  private void addOne(double[] row, double weight) {
    double[] to = sum;
    if (weights == null) {
      for (int d = 0; d < to.length; d++) {
        to[d] += row[d];
      }
    } else {
      for (int d = 0; d < to.length; d++) {
        to[d] += weight * row[d];
      }
    }
  }

  /** What was added since {@link #begin}: a copy, to be added elsewhere. */
  public Part part() {
    return new Part(vectors, sum.clone());
  }

  /** Adds what another pooling with the same table and weights has summed. */
  public void add(Part part) {
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
    double divisor = normalize ? length(sum) : vectors;
    for (int i = 0; i < sum.length; i++) {
      out[i] = divisor == 0 ? 0 : (float) (sum[i] / divisor);
    }
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
